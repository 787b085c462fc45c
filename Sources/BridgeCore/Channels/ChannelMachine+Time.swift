// What is due.

extension ChannelMachine {
    /// When `deadlineReached` has something to do, at the latest; nil while only operations are in flight.
    public var nextDeadline: Instant? {
        guard self.life == .running else { return nil }
        var next: Instant?
        func note(_ instant: Instant?) {
            guard let instant else { return }
            next = min(next ?? instant, instant)
        }
        for slot in self.slots {
            note(slot.pause?.until)
            note(slot.successorPause?.until)
            note(slot.main.flatMap { self.suspicionDeadline(of: $0) })
            for leg in [slot.main, slot.successor].compactMap(\.self) { self.deadlines(of: leg).forEach(note) }
            if slot.successor == nil, slot.successorPause == nil, let main = slot.main, main.isLive {
                note(main.rolloverAt)
            }
            for retiring in slot.retiring {
                self.deadlines(of: retiring.leg).forEach(note)
                // Behind the overlap it waits for a proof.
                note(retiring.giveUpAt)
                note(self.pongDeadline(of: retiring.leg))
                if self.hasCaughtUp(retiring) { note(retiring.overlapUntil) }
            }
        }
        return next
    }

    private func deadlines(of leg: ChannelLeg) -> [Instant?] {
        switch leg.phase {
        case .dialPause(let until):
            return self.isDialling ? [] : [until]
        case .open(let socket):
            var result: [Instant?] = [socket.pingDeadline]
            if !socket.isHeldBack { result.append(self.silenceEnd(of: socket)) }
            guard let since = socket.liveSince else { return result }
            if !socket.isHealthy { result.append(since.advanced(by: self.policy.healthyAfter)) }
            switch leg.update {
            case .paused(let until): result.append(until)
            case nil: result.append(leg.revalidateAt)
            case .inFlight: break
            }
            return result
        case .awaitingToken, .awaitingPlace, .creating, .subscribing, .dialing, .checking:
            return []
        }
    }

    /// A new socket has to be heard, too: what shows no life within the limit is none.
    private func silenceEnd(of socket: ChannelSocket) -> Instant {
        (socket.liveSince == nil ? socket.openedAt : socket.heardAt).advanced(by: self.policy.silenceLimit)
    }

    /// The time is `now`: whatever is due happens.
    public mutating func deadlineReached(
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard self.life == .running else { return [] }
        var actions = self.closeCaughtUp(now: now)
        for slot in self.slots.indices {
            for socket in self.sockets(of: slot) {
                actions += self.socketDeadlineReached(socket, now: now, random: &random)
            }
            for role in [Role.main, .successor] { actions += self.dialIfDue(slot, role, now: now) }
            if let pause = self.slots[slot].pause, now >= pause.until {
                actions += self.beginMain(slot, tokenNewerThan: pause.tokenNewerThan)
            }
            if let pause = self.slots[slot].successorPause, now >= pause.until {
                self.slots[slot].successorPause = nil
                if let main = self.slots[slot].main, main.isLive, self.isFollowerDue(main, now: now) {
                    let serials = [pause.tokenNewerThan, self.tokenWanted(behind: main, now: now)]
                    actions += self.beginSuccessor(slot, tokenNewerThan: serials.compactMap(\.self).max())
                }
            }
        }
        for place in self.living() {
            if case .paused(let until) = self[place].update, now >= until { self[place].update = nil }
        }
        return actions + self.reconcileAll(now: now) + self.followWhereDue(now: now)
    }

    func sockets(of slot: Int) -> [SocketID] {
        let slot = self.slots[slot]
        return ([slot.main, slot.successor].compactMap(\.self) + slot.retiring.map(\.leg)).compactMap { $0.socket?.id }
    }

    private mutating func dialIfDue(_ slot: Int, _ role: Role, now: Instant) -> [ChannelAction] {
        let leg = role == .main ? self.slots[slot].main : self.slots[slot].successor
        guard case .dialPause(let until) = leg?.phase, now >= until, !self.isDialling else { return [] }
        return self.dial(Place(slot: slot, role: role), now: now)
    }

    private mutating func socketDeadlineReached(
        _ id: SocketID,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [ChannelAction] {
        guard let place = self.place(of: id), var socket = self[place].socket else { return [] }
        if !socket.isHeldBack, now >= self.silenceEnd(of: socket) {
            self.partings[id] = Parting(isCovered: false)
            let reason = socket.liveSince == nil ? "no heartbeat and no event" : "silent for too long"
            return [.close(id, reason: reason)]
                + self.socketLost(place, reason: reason, cause: .disconnect, now: now, random: &random)
        }
        var actions: [ChannelAction] = []
        if let at = socket.pingDeadline, now >= at {
            actions += socket.ping(now: now, interval: self.policy.pingInterval)
        }
        let isHealthy = socket.liveSince.map { now >= $0.advanced(by: self.policy.healthyAfter) } ?? false
        if isHealthy, !socket.isHealthy {
            socket.isHealthy = true
            switch place.role {
            case .main, .successor:
                self.slots[place.slot].backoff.reset()
                self.slots[place.slot].successorBackoff.reset()
            case .retiring: break
            }
        }
        self[place].socket = socket
        return actions + self.suspectIfDue(place, now: now)
    }
}

// MARK: - A missing answer

extension ChannelMachine {
    /// Up to when an answer is waited for.
    private func pongDeadline(of leg: ChannelLeg) -> Instant? {
        guard self.pongLimit.isAnswered, let socket = leg.socket, socket.liveSince != nil else { return nil }
        return socket.pongMissingSince?.advanced(by: self.pongLimit.limit)
    }

    /// When an answer that is still missing makes the socket suspect, or its follower may be made.
    private func suspicionDeadline(of leg: ChannelLeg) -> Instant? {
        guard !leg.mustBeFollowed, let due = self.pongDeadline(of: leg) else { return nil }
        return leg.socket?.isSuspect == true ? self.suspicions.nextReturn ?? due : due
    }

    /// A server that has answered pings and does not answer this one may have dropped events as well. Nothing behind the last answer can be
    /// proven of this socket, so another one follows it: what that leaves is a gap, unless the answer comes yet.
    private mutating func suspectIfDue(_ place: Place, now: Instant) -> [ChannelAction] {
        if case .retiring = place.role { return self.closeIfSuspect(place, now: now) }
        guard place.role == .main, let at = self.suspicionDeadline(of: self[place]), now >= at,
            var socket = self[place].socket
        else { return [] }
        socket.isSuspect = true
        self[place].socket = socket
        guard self.suspicions.mayReturn(now: now) else { return [] }
        self[place].mustBeFollowed = true
        return [.suspect(socket.id)]
    }

    /// One that has a live follower already is not waited for any longer: what it dropped the follower has, and has to bring before the old one
    /// goes on.
    private mutating func closeIfSuspect(_ place: Place, now: Instant) -> [ChannelAction] {
        let leg = self[place]
        guard let at = self.pongDeadline(of: leg), now >= at else { return [] }
        return self.part(leg, reason: Self.unanswered, isCovered: true, now: now) + self.retired(place)
    }
}
