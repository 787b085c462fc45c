// What an open socket brings, and its end.

extension SessionMachine {
    /// Whether messages of `id` are handed on. Those of a socket that is being left are not: the source sends them again.
    public func mayHandOn(_ id: SocketID) -> Bool {
        guard case .open(let open) = self.state else { return false }
        return open.live.id == id && !open.live.attempt.isProbe
    }

    /// Something to hand on came over `id`; after what this returns is done, `mayHandOn` says what becomes of it.
    public mutating func messageArrived(
        _ id: SocketID,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        guard case .open(let open) = self.state else { return [] }
        if case .open(var socket) = open.successor, socket.id == id {
            socket.hasBatch = true
            socket.keepAlive.batchReceived(now: now)
            let actions = self.takeOver(socket)
            self.noteBrought(by: socket.attempt)
            return actions
        }
        guard open.live.id == id else { return [] }
        if open.live.attempt.isProbe { return self.probeAccepted(now: now) }
        // Only now: a server may open a socket and refuse its list with the first frame.
        self.noteBrought(by: open.live.attempt)
        return []
    }

    /// A probe's list was taken: what it brings is left for the socket that asks for everything.
    private mutating func probeAccepted(now: Instant) -> [SessionAction] {
        guard case .open(let open) = self.state else { return [] }
        self.notePruned(self.registry.probeAccepted(position: self.resumePosition, now: now), now: now)
        let reason = "its subscriptions are valid"
        self.state = .closing(SessionState.Closing(socket: open.live.id, reason: reason, isFailure: false))
        return [.stopReading, .close(open.live.id, code: 1000, reason: "")]
    }

    /// A message was handed on whole; `position` is its resume point, if it has one that is new.
    public mutating func messageHandedOn(_ id: SocketID, position: Position?, now: Instant) -> [SessionAction] {
        switch self.state {
        case .settling, .draining, .finished, .idle:
            // Being discarded, or already told apart by the drain: the committed position decides.
            return []
        case .attempting, .open, .closing, .backingOff, .parked:
            if let position {
                // A heartbeat repeats the position: only behind a new one is the suspect passed.
                if position != self.resumePosition { self.suspectedPoison = nil }
                self.resumePosition = position
            }
        }
        let hasPosition = self.resumePosition != nil
        var isFirst = false
        self.withSocket(id) { socket in
            isFirst = !socket.hasDelivered && hasPosition
            socket.hasDelivered = socket.hasDelivered || isFirst
            socket.hasBatch = true
            socket.keepAlive.batchReceived(now: now)
        }
        // Its list is taken, and there is a position behind which another socket can resume: whatever changed meanwhile is followed now.
        return self.noteHealth(now: now) + (isFirst ? self.beginSuccessorIfDue(now: now) : [])
    }

    /// A message came that is not a batch (S2.7). The first time the connection is closed and resumed, for a retransmission may be whole;
    /// the second time at the same position the message is skipped.
    public mutating func unreadableReceived(
        _ id: SocketID,
        closeCode: UInt16,
        reason: String,
        now: Instant
    ) -> UnreadableChoice {
        guard self.mayHandOn(id) else { return .ignore }
        let suspect = SuspectedPoison(position: self.resumePosition)
        guard self.suspectedPoison == suspect else {
            self.suspectedPoison = suspect
            return .resume(self.leave(code: closeCode, reason: reason))
        }
        self.withSocket(id) { $0.keepAlive.batchReceived(now: now) }
        return .skip(StreamGap(cause: .poison, from: self.resumePosition, certainty: .certain, resolution: .open))
    }

    /// A pong came.
    public mutating func pongReceived(_ id: SocketID, now: Instant) -> [SessionAction] {
        self.withSocket(id) { $0.keepAlive.pongReceived() }
        return self.noteHealth(now: now)
    }

    /// There is no room for what `id` brought: it is not read until `released`.
    public mutating func heldBack(_ id: SocketID, now: Instant) {
        self.withSocket(id) { socket in
            socket.heldBackSince = now
            socket.keepAlive.heldBack()
        }
    }

    /// There is room again.
    public mutating func released(_ id: SocketID, now: Instant) {
        self.withSocket(id) { socket in
            socket.heldBackSince = nil
            socket.keepAlive.released(now: now)
        }
    }

    /// The socket is gone.
    public mutating func ended(
        _ id: SocketID,
        _ end: ConnectionEnd,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        self.openSockets.remove(id)
        let trouble = SessionTrouble(end)
        switch self.state {
        case .open(let open) where open.live.id == id:
            return self.liveEnded(open, trouble, now: now, random: &random)
        case .open(let open):
            guard case .open(let socket) = open.successor, socket.id == id else { return self.told(by: trouble) }
            return self.successorFailed(socket.attempt, trouble, now: now, random: &random)
        case .closing(let closing) where closing.socket == id:
            let delay = closing.isFailure ? self.backoff.nextDelay(random: &random) : self.jitter(random: &random)
            return self.told(by: trouble) + self.backOff(delay, reason: closing.reason, now: now)
        case .settling:
            return self.told(by: trouble) + self.afterSettling(now: now, random: &random)
        case .draining:
            return self.told(by: trouble) + self.afterDraining(closing: false)
        case .idle, .attempting, .closing, .backingOff, .parked, .finished:
            // One that was left before.
            return self.told(by: trouble)
        }
    }

    private mutating func liveEnded(
        _ open: SessionState.Open,
        _ trouble: SessionTrouble,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        let wasHealthy = open.live.hasBatch && open.live.openedAt.duration(to: now) >= self.policy.healthyAfter
        if wasHealthy { self.becameHealthy() }
        guard let successor = open.successor, successor.isUnderWay, self.mayFollow(trouble) else {
            return self.closeSuccessor(of: open)
                + self.respond(to: trouble, of: open.live.attempt, wasHealthy: wasHealthy, now: now, random: &random)
        }
        self.promote(successor)
        switch trouble {
        case .unauthorized, .forbidden, .tokenExpired: return self.tokenRefused(open.live.attempt)
        case .throttled(let seconds, _): return [.holdOffHost(retryAfterSeconds: seconds)]
        case .subscriptionsRejected, .positionLost, .lost: return []
        }
    }

    /// A successor that is under way meets the same refusal: better to begin anew with what is known now.
    private func mayFollow(_ trouble: SessionTrouble) -> Bool {
        switch trouble {
        case .subscriptionsRejected, .positionLost: false
        case .unauthorized, .forbidden, .tokenExpired, .throttled, .lost: true
        }
    }
}

// MARK: - Time

extension SessionMachine {
    func nextDeadline(of open: SessionState.Open) -> Instant {
        var next = self.nextDeadline(of: open.live)
        switch open.successor {
        case .open(let socket): next = min(next, self.nextDeadline(of: socket))
        case .backingOff(let pause): next = min(next, pause.until)
        case .attempting: break
        case nil:
            // Without a position there is nothing that a successor could resume behind: its first one ends the wait.
            if let at = open.rolloverAt, self.resumePosition != nil { next = min(next, at) }
        }
        if let at = self.revalidationAt(of: open) { next = min(next, at) }
        return next
    }

    private func nextDeadline(of socket: LiveSocket) -> Instant {
        var next = socket.keepAlive.nextDeadline
        if let since = socket.heldBackSince { next = min(next, since.advanced(by: self.policy.maxStall)) }
        if socket.attempt.isProbe { next = min(next, socket.openedAt.advanced(by: self.policy.probeTimeout)) }
        return next
    }

    mutating func deadlineReachedWhileOpen(
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        var actions = self.noteHealth(now: now)
        guard case .open(var open) = self.state else { return actions }
        if open.live.attempt.isProbe, now >= open.live.openedAt.advanced(by: self.policy.probeTimeout) {
            return actions + self.probeAccepted(now: now)
        }
        if let since = open.live.heldBackSince, now >= since.advanced(by: self.policy.maxStall) {
            return actions + self.leave(code: 1000, reason: "held back for longer than maxStall")
        }
        let due = open.live.keepAlive.deadlineReached(now: now)
        self.state = .open(open)
        switch due {
        case nil: break
        case .ping: actions.append(.ping(open.live.id))
        case .pongsMissed: return actions + self.leave(code: 1001, reason: "Pong timeout exceeded")
        case .heartbeatMissed: return actions + self.leave(code: 1001, reason: "Heartbeat timeout exceeded")
        }
        actions += self.successorDeadlineReached(now: now, random: &random)
        return actions + self.beginSuccessorIfDue(now: now) + self.beginRevalidationIfDue(now: now)
    }

    private mutating func successorDeadlineReached(
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        guard case .open(var open) = self.state else { return [] }
        switch open.successor {
        case .backingOff(let pause):
            guard now >= pause.until else { return [] }
            open.successor = nil
            self.state = .open(open)
            // What it was for may be settled: a subscription that was refused beside the living socket is left out by now.
            guard let wanted = self.successorWanted(open, now: now) else { return [] }
            return self.beginSuccessor(tokenNewerThan: [wanted, pause.tokenNewerThan].compactMap(\.self).max())
        case .open(var socket):
            if let since = socket.heldBackSince, now >= since.advanced(by: self.policy.maxStall) {
                let stall = SessionTrouble.lost(
                    reason: "the socket that was to take over was held back for longer than maxStall"
                )
                return self.successorFailed(socket.attempt, stall, now: now, random: &random)
                    + [.close(socket.id, code: 1000, reason: "held back for longer than maxStall")]
            }
            let due = socket.keepAlive.deadlineReached(now: now)
            open.successor = .open(socket)
            self.state = .open(open)
            switch due {
            case nil: return []
            case .ping: return [.ping(socket.id)]
            case .pongsMissed, .heartbeatMissed:
                let silence = SessionTrouble.lost(reason: "the socket that was to take over is silent")
                return self.successorFailed(socket.attempt, silence, now: now, random: &random)
                    + [.close(socket.id, code: 1001, reason: "silent")]
            }
        case .attempting, nil:
            return []
        }
    }

    /// Closes the socket that is read. One that was to follow it follows now.
    mutating func leave(code: UInt16, reason: String) -> [SessionAction] {
        guard case .open(let open) = self.state else { return [] }
        let close = SessionAction.close(open.live.id, code: code, reason: reason)
        if let successor = open.successor, successor.isUnderWay {
            self.promote(successor)
            return [close]
        }
        self.state = .closing(SessionState.Closing(socket: open.live.id, reason: reason, isFailure: true))
        return [.stopReading, close]
    }

    private mutating func withSocket(_ id: SocketID, _ body: (inout LiveSocket) -> Void) {
        guard case .open(var open) = self.state else { return }
        if open.live.id == id {
            body(&open.live)
        } else if case .open(var socket) = open.successor, socket.id == id {
            body(&socket)
            open.successor = .open(socket)
        }
        self.state = .open(open)
    }

    private mutating func noteHealth(now: Instant) -> [SessionAction] {
        guard case .open(var open) = self.state, !open.live.isHealthy, open.live.hasBatch else { return [] }
        guard open.live.openedAt.duration(to: now) >= self.policy.healthyAfter else { return [] }
        open.live.isHealthy = true
        self.state = .open(open)
        self.becameHealthy()
        return [.hostIsHealthy]
    }
}
