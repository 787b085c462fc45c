// What follows a failure.

extension ChannelMachine {
    /// A REST call on the way to a socket failed (C9): the channel is given up.
    mutating func making(
        at place: Place,
        failed failure: ChannelFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        let reason = failure.reason
        switch failure {
        case .unauthorized:
            let serial = self[place].tokenSerial
            return (serial.map { [.markTokenBad(serial: $0)] } ?? [])
                + self.abandon(
                    place,
                    .trouble,
                    reason: reason,
                    atOnce: true,
                    tokenNewerThan: serial,
                    now: now,
                    random: &random
                )
        case .refused:
            return self.abandon(
                place,
                .refusal,
                reason: reason,
                notBefore: self.policy.refusedInterval,
                now: now,
                random: &random
            )
        case .gone:
            return self.abandon(place, .trouble, reason: reason, atOnce: true, now: now, random: &random)
        case .throttled(let seconds, _):
            let asked = Duration.seconds(min(max(seconds ?? 0, 0), 3600))
            return self.abandon(place, .trouble, reason: reason, notBefore: asked, now: now, random: &random)
        case .unavailable:
            return self.abandon(place, .trouble, reason: reason, now: now, random: &random)
        }
    }

    /// Gives the channel up, and makes another after a pause; `atOnce` where this is the first failure in a row.
    mutating func abandon(
        _ place: Place,
        _ kind: ChannelSlot.Pause.Kind,
        reason: String,
        atOnce: Bool = false,
        notBefore: Duration = .zero,
        tokenNewerThan serial: Int? = nil,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        let actions = self.part(self[place], reason: reason, isCovered: false, now: now)
        let slot = place.slot
        switch place.role {
        case .retiring:
            return actions + self.retired(place)
        case .main:
            let isFirst = self.slots[slot].backoff.failures == 0
            let delay = max(notBefore, self.slots[slot].backoff.nextDelay(random: &random))
            self.slots[slot].main = nil
            if let promoted = self.promote(slot) { return actions + promoted }
            if atOnce, isFirst { return actions + self.beginMain(slot, tokenNewerThan: serial) }
            self.slots[slot].pause = ChannelSlot.Pause(
                until: now.advanced(by: delay),
                tokenNewerThan: serial,
                kind: kind,
                reason: reason
            )
            return actions
        case .successor:
            let id = self[place].id
            let isFirst = self.slots[slot].successorBackoff.failures == 0
            let delay = max(notBefore, self.slots[slot].successorBackoff.nextDelay(random: &random))
            self.slots[slot].successor = nil
            self.slots[slot].successorPause = ChannelSlot.Pause(
                until: atOnce && isFirst ? now : now.advanced(by: delay),
                tokenNewerThan: serial,
                kind: kind,
                reason: reason
            )
            return actions + self.releasePlace(id)
        }
    }

    /// Leaves a channel: its socket, where it has one, is closed, and what it observed is lost, as far as nobody else does.
    mutating func part(
        _ leg: ChannelLeg,
        reason: String,
        isCovered: Bool,
        cause: GapRecord.Cause = .disconnect,
        now: Instant
    ) -> [ChannelAction] {
        guard let socket = leg.socket else {
            if let dialling = leg.socketID { self.overlap.ended(dialling) }
            return [.forget(leg.id)]
        }
        self.partings[socket.id] = Parting(isCovered: isCovered)
        if self.life == .running { self.account(forLossOf: socket.id, cause: cause, now: now) }
        if isCovered { self.overlap.ended(socket.id) }
        return [.close(socket.id, reason: reason), .forget(leg.id)]
    }

    /// Nobody observes through `socket` any more.
    mutating func account(forLossOf socket: SocketID, cause: GapRecord.Cause, now: Instant) {
        self.coverage.droppingEnded(socket, now: now)
        if let doubt = self.overlap.doubt(about: socket), let caughtUp = self.coverage.caughtUpMoment(of: socket) {
            self.coverage.doubted(from: caughtUp, to: doubt, cause: cause)
        }
        self.coverage.lost(socket, cause: cause)
        self.overlap.leaving(socket)
    }

    /// The successor takes the place of a main channel that is no more. Nil where there is none, or where it waits for a token still: that
    /// may take long, and need not be what the main one lacks.
    mutating func promote(_ slot: Int) -> [ChannelAction]? {
        guard var successor = self.slots[slot].successor, successor.phase != .awaitingToken else { return nil }
        self.slots[slot].successor = nil
        self.slots[slot].successorPause = nil
        var actions: [ChannelAction] = []
        if successor.phase == .awaitingPlace {
            successor.phase = .creating
            actions.append(.create(successor.id))
        }
        self.slots[slot].main = successor
        self.slots[slot].pause = nil
        if self.slots[slot].retiring.allSatisfy({ $0.follower != successor.id }) {
            actions = self.releasePlace(successor.id) + actions
        }
        return actions
    }

    /// A socket that was not closed by us is gone, or as good as gone.
    mutating func socketLost(
        _ place: Place,
        reason: String,
        cause: GapRecord.Cause,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let socket = self[place].socket else { return [] }
        self.account(forLossOf: socket.id, cause: cause, now: now)
        if socket.isHealthy {
            self[place].redials = 0
            self[place].redialBackoff.reset()
        }
        // What was to be changed beside the socket is found out anew when the next one is live.
        self[place].unheard = []
        switch place.role {
        case .retiring:
            return [.forget(self[place].id)] + self.retired(place)
        case .successor:
            return self.dialAgain(place, reason: reason, now: now, random: &random)
        case .main:
            let id = self[place].id
            if let actions = self.promote(place.slot) { return [.forget(id)] + actions }
            return self.dialAgain(place, reason: reason, now: now, random: &random)
        }
    }

    /// The retiring channel at `place` is no more.
    mutating func retired(_ place: Place) -> [ChannelAction] {
        guard case .retiring(let index) = place.role else { return [] }
        let retired = self.slots[place.slot].retiring.remove(at: index)
        guard !self.slots[place.slot].retiring.contains(where: { $0.follower == retired.follower }) else { return [] }
        return self.releasePlace(retired.follower)
    }
}
