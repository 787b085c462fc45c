// The part of the session's life that a socket decides: opening it, what it brings, its end.

// MARK: - Connecting

extension SessionMachine {
    /// The token task has a token.
    public mutating func tokenReady() -> [SessionAction] {
        guard case .awaitingToken = self.state else { return [] }
        self.state = .connecting
        return [.connect(resumeFrom: self.resumePosition)]
    }

    /// The socket is open.
    public mutating func connected(now: Instant) -> [SessionAction] {
        switch self.state {
        case .connecting:
            self.state = .open(SessionState.Open(keepAlive: KeepAlive(self.policy.keepAlive, now: now), openedAt: now))
            return []
        case .settling:
            return [.close(code: 1000, reason: "")]
        case .draining(var draining):
            draining.isOpen = true
            self.state = .draining(draining)
            return draining.isSettled ? [.close(code: 1000, reason: "")] : []
        case .finished:
            return [.close(code: 1000, reason: "")]
        case .idle, .awaitingToken, .open, .closing, .backingOff, .parked:
            preconditionFailure("connected without having asked for it")
        }
    }

    /// The socket could not be opened.
    public mutating func connectFailed(
        _ failure: ConnectFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch self.state {
        case .connecting:
            break
        case .settling(var settling):
            settling.isConnectionOwed = false
            self.state = .settling(settling)
            return self.afterSettling(now: now, random: &random)
        case .draining, .finished:
            return []
        case .idle, .awaitingToken, .open, .closing, .backingOff, .parked:
            preconditionFailure("a connection failed that nobody asked for")
        }
        switch failure {
        case .unauthorized(let reason):
            return [.markTokenBad] + self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        case .forbidden(let reason):
            self.forbiddenCount += 1
            guard self.forbiddenCount > 1 else {
                let delay = self.backoff.nextDelay(random: &random)
                return [.markTokenBad] + self.backOff(delay, reason: reason, now: now)
            }
            return self.backOff(self.refusals.nextDelay(random: &random), reason: reason, now: now)
        case .throttled(let seconds, let reason):
            return self.holdOff(seconds: seconds, reason: reason, now: now, random: &random)
        case .subscriptionsRejected(let reason):
            return self.backOff(self.refusals.nextDelay(random: &random), reason: reason, now: now)
        case .positionLost(let reason):
            return self.positionLost(reason, now: now, random: &random)
        case .unavailable(let reason):
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        }
    }
}

// MARK: - The open socket

extension SessionMachine {
    /// A message was received and handed on whole; `position` is its resume point, if it has one.
    public mutating func messageHandedOn(position: Position?, now: Instant) {
        switch self.state {
        case .open, .closing:
            if let position {
                // A heartbeat repeats the position: only behind a new one is the suspect passed.
                if position != self.resumePosition { self.suspectedPoison = nil }
                self.resumePosition = position
            }
        case .idle, .awaitingToken, .connecting, .settling, .backingOff, .parked, .draining, .finished:
            // Being discarded, or already told apart by the drain: the committed position decides.
            return
        }
        self.withOpen { open in
            open.hasBatch = true
            open.keepAlive.batchReceived(now: now)
        }
        self.noteHealth(now: now)
    }

    /// The record of `pendingGap` is on its way, before anything that the socket brings.
    public mutating func gapHandedOn() {
        self.pendingGap = nil
    }

    /// A message came that is not a batch (S2.7). The first time the connection is closed and resumed, for a retransmission may be whole;
    /// the second time at the same position the message is skipped.
    public mutating func unreadableReceived(closeCode: UInt16, reason: String, now: Instant) -> UnreadableChoice {
        guard case .open = self.state else { return .ignore }
        let suspect = SuspectedPoison(position: self.resumePosition)
        guard self.suspectedPoison == suspect else {
            self.suspectedPoison = suspect
            return .resume(self.close(code: closeCode, reason: reason))
        }
        self.withOpen { $0.keepAlive.batchReceived(now: now) }
        return .skip(StreamGap(cause: .poison, from: self.resumePosition, certainty: .certain, resolution: .open))
    }

    /// A pong came.
    public mutating func pongReceived(now: Instant) {
        self.withOpen { $0.keepAlive.pongReceived() }
        self.noteHealth(now: now)
    }

    /// There is no room for what was received: the socket is not read until `released`.
    public mutating func heldBack(now: Instant) {
        self.withOpen { open in
            open.heldBackSince = now
            open.keepAlive.heldBack()
        }
    }

    /// There is room again.
    public mutating func released(now: Instant) {
        self.withOpen { open in
            open.heldBackSince = nil
            open.keepAlive.released(now: now)
        }
    }

    /// The socket is gone.
    public mutating func ended(
        _ end: ConnectionEnd,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch self.state {
        case .open(let open):
            let wasHealthy = open.hasBatch && open.openedAt.duration(to: now) >= self.policy.healthyAfter
            if wasHealthy { self.becameHealthy() }
            return self.afterEnd(end, wasHealthy: wasHealthy, now: now, random: &random)
        case .closing(let reason):
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        case .settling(var settling):
            settling.isConnectionOwed = false
            self.state = .settling(settling)
            return self.afterSettling(now: now, random: &random)
        case .draining(var draining):
            draining.isOpen = false
            self.state = draining.isSettled ? .finished : .draining(draining)
            return draining.isSettled ? [.finish] : []
        case .finished:
            return []
        case .idle, .awaitingToken, .connecting, .backingOff, .parked:
            preconditionFailure("a socket ended that was not open")
        }
    }

    mutating func afterEnd(
        _ end: ConnectionEnd,
        wasHealthy: Bool,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch end {
        case .tokenExpired:
            self.unhealthyExpiries = wasHealthy ? 0 : self.unhealthyExpiries + 1
            let delay: Duration
            if self.unhealthyExpiries > 1 {
                delay = self.backoff.nextDelay(random: &random)
            } else {
                let base = max(1, self.policy.backoff.base.wholeNanoseconds)
                delay = .nanoseconds(Int64.random(in: 0..<base, using: &random))
            }
            return [.markTokenBad] + self.backOff(delay, reason: "token expired", now: now)
        case .throttled(let seconds, let reason):
            return self.holdOff(seconds: seconds, reason: reason, now: now, random: &random)
        case .subscriptionsRejected(let reason):
            return self.backOff(self.refusals.nextDelay(random: &random), reason: reason, now: now)
        case .positionLost(let reason):
            return self.positionLost(reason, now: now, random: &random)
        case .lost(let reason):
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        }
    }
}
