// From the token to the open socket.

extension ChannelMachine {
    mutating func beginMain(_ slot: Int, tokenNewerThan serial: Int?) -> [ChannelAction] {
        self.slots[slot].pause = nil
        let leg = self.nextLeg()
        self.slots[slot].main = leg
        return [.awaitToken(leg.id, newerThan: serial)]
    }

    mutating func beginSuccessor(_ slot: Int, tokenNewerThan serial: Int?) -> [ChannelAction] {
        self.slots[slot].successorPause = nil
        let leg = self.nextLeg()
        self.slots[slot].successor = leg
        return [.awaitToken(leg.id, newerThan: serial)]
    }

    private mutating func nextLeg() -> ChannelLeg {
        self.lastChannel += 1
        return ChannelLeg(ChannelID(self.lastChannel), policy: self.policy)
    }

    /// There is a token.
    public mutating func tokenReady(_ id: ChannelID, serial: Int, expiresAt: Instant?) -> [ChannelAction] {
        self.newestToken = max(self.newestToken, serial)
        guard let place = self.place(of: id), self[place].phase == .awaitingToken else { return [] }
        self[place].tokenSerial = serial
        self[place].tokenExpiresAt = expiresAt
        guard place.role == .successor else {
            self[place].phase = .creating
            return [.create(id)]
        }
        self[place].phase = .awaitingPlace
        self.placeHolders.insert(id)
        return [.awaitPlace(id)]
    }

    /// There is room for a channel beside the living one.
    public mutating func placeGranted(_ id: ChannelID) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].phase == .awaitingPlace else {
            return self.placeHolders.contains(id) ? [] : [.releasePlace(id)]
        }
        self[place].phase = .creating
        return [.create(id)]
    }

    mutating func releasePlace(_ id: ChannelID) -> [ChannelAction] {
        self.placeHolders.remove(id) == nil ? [] : [.releasePlace(id)]
    }

    /// The server made the channel, which ends at `expiresAt`; nil where it did not say. What was made now has not ended: where it seems so, one
    /// of the two clocks is wrong, and channels would follow each other without a pause.
    public mutating func created(_ id: ChannelID, expiresAt: Instant?, now: Instant) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].phase == .creating else { return [.forget(id)] }
        let assumed = now.advanced(by: Self.lifeAssumed)
        self[place].expiresAt = expiresAt.map { $0 > now ? $0 : assumed } ?? assumed
        self[place].phase = .subscribing
        self[place].asked = Set(self.topics)
        return [.subscribe(id, topics: self.topics, mode: .replace)]
    }

    /// The server did not make the channel.
    public mutating func createFailed(
        _ id: ChannelID,
        _ failure: ChannelFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].phase == .creating else { return [] }
        return self.making(at: place, failed: failure, now: now, random: &random)
    }

    /// The server said of each topic whether it brings it.
    public mutating func subscribed(
        _ id: ChannelID,
        _ verdicts: [TopicVerdict],
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id) else { return [] }
        guard self[place].phase == .subscribing else {
            return self.updated(place, verdicts, now: now, random: &random)
        }
        self.note(verdicts, at: place, now: now)
        guard let first = verdicts.first else {
            return self.making(at: place, failed: .refused(reason: "no topics"), now: now, random: &random)
        }
        guard !self[place].accepted.isEmpty else {
            self.coverage.rejected(verdicts.map(\.topic))
            let reason = "every topic was rejected: \(first.rejection ?? "")"
            return self.making(at: place, failed: .refused(reason: reason), now: now, random: &random)
        }
        if place.role == .main { self.coverage.rejected(Array(self[place].rejected.keys)) }
        return self.dial(place, now: now)
    }

    /// The server did not take the call about subscriptions.
    public mutating func subscribeFailed(
        _ id: ChannelID,
        _ failure: ChannelFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id) else { return [] }
        guard self[place].phase == .subscribing else {
            return self.updateFailed(place, failure, now: now, random: &random)
        }
        return self.making(at: place, failed: failure, now: now, random: &random)
    }

    /// Keeps what the server said of topics.
    mutating func note(_ verdicts: [TopicVerdict], at place: Place, now: Instant) {
        var leg = self[place]
        for verdict in verdicts {
            if let rejection = verdict.rejection {
                leg.accepted.remove(verdict.topic)
                leg.rejected[verdict.topic] = rejection
            } else {
                leg.rejected[verdict.topic] = nil
                leg.accepted.insert(verdict.topic)
            }
        }
        leg.revalidateAt = leg.rejected.isEmpty ? nil : now.advanced(by: self.policy.revalidateInterval)
        self[place] = leg
    }

    /// One socket is opened at a time: of those that are dialled one after the other, the earlier one observes first, and so what it brings
    /// comes first (`mayHandOn`).
    mutating func dial(_ place: Place, now: Instant) -> [ChannelAction] {
        guard !self.isDialling else {
            self[place].phase = .dialPause(until: now)
            return []
        }
        self.lastSocket += 1
        let socket = SocketID(self.lastSocket)
        self[place].phase = .dialing(socket)
        self.overlap.opened(socket, now: now)
        return [.connect(self[place].id, socket)]
    }

    var isDialling: Bool {
        self.slots.contains { slot in
            [slot.main, slot.successor].contains { leg in
                guard case .dialing = leg?.phase else { return false }
                return true
            }
        }
    }

    /// The socket is open.
    public mutating func connected(_ id: SocketID, now: Instant) -> [ChannelAction] {
        guard let place = self.place(of: id), case .dialing = self[place].phase else {
            self.partings[id] = Parting(isCovered: true)
            return [.close(id, reason: "no longer needed")]
        }
        var socket = ChannelSocket(id, now: now)
        let ping = socket.ping(now: now, interval: self.policy.pingInterval)
        self[place].phase = .open(socket)
        return ping
    }

    /// The socket did not open.
    public mutating func connectFailed(
        _ id: SocketID,
        _ failure: ChannelDialFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        self.overlap.ended(id)
        guard let place = self.place(of: id), case .dialing = self[place].phase else { return [] }
        switch failure {
        case .channelInvalid(let reason):
            return self.abandon(place, .trouble, reason: reason, atOnce: true, now: now, random: &random)
        case .throttled(let seconds, _):
            let asked = Duration.seconds(min(max(seconds ?? 0, 0), 3600))
            return [.holdOffHost(retryAfterSeconds: seconds)]
                + self.dialAgain(place, reason: failure.reason, notBefore: asked, now: now, random: &random)
        case .unavailable(let reason):
            return self.dialAgain(place, reason: reason, now: now, random: &random)
        }
    }

    /// The same URI again after a pause, where that may still be tried (C5).
    mutating func dialAgain(
        _ place: Place,
        reason: String,
        notBefore: Duration = .zero,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        var leg = self[place]
        guard leg.redials < self.policy.redialsMax else {
            leg.phase = .checking
            self[place] = leg
            return [.check(leg.id)]
        }
        leg.redials += 1
        leg.phase = .dialPause(until: now.advanced(by: max(notBefore, leg.redialBackoff.nextDelay(random: &random))))
        self[place] = leg
        return []
    }

    /// The server said whether the channel is valid. Either way dialling it did not help: the next one.
    public mutating func checked(
        _ id: ChannelID,
        isValid: Bool,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].phase == .checking else { return [] }
        let reason = isValid ? "the channel is valid, but its socket does not open" : "the channel is gone"
        return self.abandon(place, .trouble, reason: reason, atOnce: true, now: now, random: &random)
    }

    /// The server did not say whether the channel is valid.
    public mutating func checkFailed(
        _ id: ChannelID,
        _ failure: ChannelFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id), self[place].phase == .checking else { return [] }
        return self.making(at: place, failed: failure, now: now, random: &random)
    }
}
