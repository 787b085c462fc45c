// Make before break (C4).

extension ChannelMachine {
    /// There is a token with a higher serial: channels made with another one are followed before that one ends.
    public mutating func tokenChanged(serial: Int) -> [ChannelAction] {
        guard serial > self.newestToken else { return [] }
        self.newestToken = serial
        return self.followWhereDue(now: nil)
    }

    /// The server said that the socket's channel has to be followed now.
    mutating func follow(_ id: SocketID, withNewToken: Bool) -> [ChannelAction] {
        guard let place = self.place(of: id) else { return [] }
        self[place].mustBeFollowed = true
        if withNewToken { self[place].needsNewToken = true }
        return self.followWhereDue(now: nil)
    }

    /// Begins the successors that are due. Without a time only those that do not wait for one.
    mutating func followWhereDue(now: Instant?) -> [ChannelAction] {
        guard self.life == .running else { return [] }
        return self.slots.indices.flatMap { index -> [ChannelAction] in
            let slot = self.slots[index]
            guard slot.successor == nil, slot.successorPause == nil, let main = slot.main, main.isLive,
                self.isFollowerDue(main, now: now)
            else { return [] }
            return self.beginSuccessor(index, tokenNewerThan: self.tokenWanted(behind: main, now: now))
        }
    }

    func isFollowerDue(_ leg: ChannelLeg, now: Instant?) -> Bool {
        if leg.mustBeFollowed || leg.tokenSerial.map({ $0 < self.newestToken }) == true { return true }
        guard let now, let at = leg.rolloverAt else { return false }
        return now >= at
    }

    /// The follower has to have another token where this one's is what ends first, or is revoked.
    func tokenWanted(behind leg: ChannelLeg, now: Instant?) -> Int? {
        guard let serial = leg.tokenSerial else { return nil }
        if leg.needsNewToken || serial < self.newestToken { return serial }
        guard !leg.mustBeFollowed, let token = leg.tokenExpiresAt else { return nil }
        guard let end = leg.expiresAt else { return serial }
        return token <= end ? serial : nil
    }

    /// The follower of `old` is live since `now`: both are read until the old one has caught up with that moment.
    mutating func retire(
        _ old: ChannelLeg,
        slot: Int,
        behind follower: ChannelID,
        now: Instant
    ) -> [ChannelAction] {
        guard old.isLive, var socket = old.socket else {
            return self.part(old, reason: "another one is live", isCovered: false, now: now)
                + self.releasePlace(follower)
        }
        // What it drops the follower may have: one that goes on behind that would overtake it.
        guard !socket.isSuspect else {
            return self.part(old, reason: Self.unanswered, isCovered: true, now: now)
                + self.releasePlace(follower)
        }
        var leg = old
        let ping = socket.ping(now: now, interval: self.policy.pingInterval)
        leg.socket = socket
        // What is wanted of it does not change any more.
        leg.update = nil
        leg.revalidateAt = nil
        self.slots[slot].retiring.append(
            ChannelSlot.Retiring(
                leg: leg,
                follower: follower,
                followerLiveSince: now,
                overlapUntil: now.advanced(by: self.policy.overlap),
                giveUpAt: now.advanced(by: self.policy.overlapMax)
            )
        )
        return ping
    }

    /// Closes the retiring sockets that have caught up, or whose time is over.
    mutating func closeCaughtUp(now: Instant) -> [ChannelAction] {
        var actions: [ChannelAction] = []
        for slot in self.slots.indices {
            for index in self.slots[slot].retiring.indices.reversed() {
                let retiring = self.slots[slot].retiring[index]
                guard now >= retiring.giveUpAt || now >= retiring.overlapUntil && self.hasCaughtUp(retiring) else {
                    continue
                }
                actions += self.part(
                    retiring.leg,
                    reason: "another one is live",
                    isCovered: true,
                    cause: .rollover,
                    now: now
                )
                actions += self.retired(Place(slot: slot, role: .retiring(index)))
            }
        }
        return actions
    }

    /// Whether everything that it alone may bring was read, and whatever its follower brings of the same as well: a copy that comes behind its
    /// end cannot be told from another event.
    func hasCaughtUp(_ retiring: ChannelSlot.Retiring) -> Bool {
        guard let socket = retiring.leg.socket else { return true }
        guard self.overlap.doubt(about: socket.id) == nil, !self.isFollowerUndecided(retiring) else { return false }
        guard self.coverage.caughtUpMoment(of: socket.id) != nil else { return true }
        guard let provenAt = retiring.provenAt else { return false }
        guard let follower = self.place(of: retiring.follower).flatMap({ self[$0].socket }),
            let moment = self.coverage.caughtUpMoment(of: follower.id)
        else { return true }
        return moment >= provenAt
    }

    private func isFollowerUndecided(_ retiring: ChannelSlot.Retiring) -> Bool {
        self.place(of: retiring.follower).flatMap { self[$0].socketID }.map { self.overlap.isUndecided($0) } ?? false
    }

    /// Enters that a retiring socket has brought what only it was sent, and asks its follower how far that one has come.
    mutating func noteProven(_ id: SocketID, now: Instant) {
        guard let place = self.place(of: id), case .retiring(let index) = place.role,
            let moment = self.coverage.caughtUpMoment(of: id)
        else { return }
        let retiring = self.slots[place.slot].retiring[index]
        guard retiring.provenAt == nil, moment >= retiring.followerLiveSince else { return }
        self.slots[place.slot].retiring[index].provenAt = now
        guard let follower = self.place(of: retiring.follower), var socket = self[follower].socket else { return }
        socket.nextPingAt = min(socket.nextPingAt, now)
        self[follower].socket = socket
    }
}
