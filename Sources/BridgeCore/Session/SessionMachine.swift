/// The life of one stream's sockets: token, connect, keep alive, reconnect, resume, settle, park, stop.
///
/// One method per thing that happens; each returns what to do. It reads no clock and draws no randomness of its own. Whatever state it is in,
/// either an operation that the driver bounds is in flight or `nextDeadline` is set (`no-dead-wait`).
public struct SessionMachine: Sendable {
    /// Times and limits.
    public let policy: SessionPolicy
    var state: SessionState = .idle
    var backoff: Backoff
    var holdOff: Backoff
    var refusals: Backoff
    /// The newest position of which everything is committed or still held here (S4.3).
    var resumePosition: Position?
    /// Consecutive expired tokens without a healthy connection in between (S4.4).
    var unhealthyExpiries = 0
    /// Consecutive 403s: the first asks for a new token (S1.7).
    var forbiddenCount = 0
    /// Where a poison message ended a connection; nil once the position has moved on (S2.7).
    var suspectedPoison: SuspectedPoison?

    /// What the next open socket starts behind, and has to be recorded before anything that it brings.
    public internal(set) var pendingGap: StreamGap?

    /// The resume point behind which something unreadable came; nil for a stream that has none yet.
    struct SuspectedPoison: Hashable, Sendable {
        var position: Position?
    }

    /// A session that resumes behind `committed`.
    public init(policy: SessionPolicy, committed: Position?) {
        self.policy = policy
        self.backoff = Backoff(policy.backoff)
        self.holdOff = Backoff(policy.holdOff)
        self.refusals = Backoff(policy.refusal)
        self.resumePosition = committed
        self.pendingGap = committed == nil ? Self.missingCheckpoint : nil
    }

    private static let missingCheckpoint = StreamGap(
        cause: .missingCheckpoint,
        from: nil,
        certainty: .possible,
        resolution: .unrecoverable
    )
}

// MARK: - Start and stop

extension SessionMachine {
    /// Begins.
    public mutating func start() -> [SessionAction] {
        guard case .idle = self.state else { return [] }
        if self.resumePosition == nil, self.policy.onMissingCheckpoint == .fail {
            self.state = .parked(
                reason: "there is no committed position, and onMissingCheckpoint is 'fail': set it to 'start' to begin "
                    + "at the server's present"
            )
            return []
        }
        self.state = .awaitingToken
        return [.awaitToken]
    }

    /// Ends: stop reading, drain, commit, close. Anything after the first call changes nothing.
    public mutating func stop() -> [SessionAction] {
        switch self.state {
        case .draining, .finished:
            return []
        case .open, .closing:
            self.state = .draining(SessionState.Draining(isOpen: true))
        case .settling(let settling):
            // What is being discarded stays discarded; the drain waits behind it.
            self.state = .draining(SessionState.Draining(isOpen: settling.isConnectionOwed))
        case .idle, .awaitingToken, .connecting, .backingOff, .parked:
            self.state = .draining(SessionState.Draining(isOpen: false))
        }
        return [.stopReading, .drainAndSettle]
    }

    /// What the driver was asked to wait for is done; `committed` is the durable position.
    public mutating func settled(
        committed: Position?,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch self.state {
        case .settling(var settling):
            settling.isSettled = true
            // What was discarded must come again, so the only safe resume point is the durable one.
            self.resumePosition = committed
            // What was discarded may have been the record of that.
            if committed == nil, self.pendingGap == nil { self.pendingGap = Self.missingCheckpoint }
            self.state = .settling(settling)
            return self.afterSettling(now: now, random: &random)
        case .draining(var draining):
            guard draining.isOpen else {
                self.state = .finished
                return [.finish]
            }
            draining.isSettled = true
            self.state = .draining(draining)
            return [.close(code: 1000, reason: "")]
        case .idle, .awaitingToken, .connecting, .open, .closing, .backingOff, .parked, .finished:
            return []
        }
    }

    mutating func afterSettling(now: Instant, random: inout some RandomNumberGenerator) -> [SessionAction] {
        guard case .settling(let settling) = self.state, settling.isSettled, !settling.isConnectionOwed else {
            return []
        }
        return self.backOff(self.refusals.nextDelay(random: &random), reason: settling.reason, now: now)
    }
}

// MARK: - Delivery and time

extension SessionMachine {
    /// A batch was not acknowledged: discard what follows it and resume from the committed position, so that order holds.
    public mutating func deliveryFailed(reason: String) -> [SessionAction] {
        switch self.state {
        case .open:
            self.state = .settling(SessionState.Settling(reason: reason, isConnectionOwed: true))
            return [.stopReading, .discardAndSettle, .close(code: 1000, reason: "")]
        case .closing, .connecting:
            self.state = .settling(SessionState.Settling(reason: reason, isConnectionOwed: true))
            return [.stopReading, .discardAndSettle]
        case .awaitingToken, .backingOff:
            self.state = .settling(SessionState.Settling(reason: reason, isConnectionOwed: false))
            return [.stopReading, .discardAndSettle]
        case .parked(let parkedFor):
            // The way back is a restart, which starts from the committed position anyway.
            self.state = .parked(reason: parkedFor)
            return [.discardAndSettle]
        case .settling, .draining, .finished:
            return []
        case .idle:
            preconditionFailure("delivery failed before anything was received")
        }
    }

    /// When `deadlineReached` has something to do, at the latest; nil while an operation is in flight.
    public var nextDeadline: Instant? {
        switch self.state {
        case .open(let open):
            var next = open.keepAlive.nextDeadline
            if let since = open.heldBackSince { next = min(next, since.advanced(by: self.policy.maxStall)) }
            return next
        case .backingOff(_, let until):
            return until
        case .idle, .awaitingToken, .connecting, .closing, .settling, .parked, .draining, .finished:
            return nil
        }
    }

    /// The time is `now`: whatever is due happens.
    public mutating func deadlineReached(now: Instant) -> [SessionAction] {
        switch self.state {
        case .backingOff(_, let until):
            guard now >= until else { return [] }
            self.state = .awaitingToken
            return [.awaitToken]
        case .open(var open):
            if let since = open.heldBackSince, now >= since.advanced(by: self.policy.maxStall) {
                self.state = .closing(reason: "held back for longer than maxStall")
                return [.stopReading, .close(code: 1000, reason: "held back")]
            }
            let due = open.keepAlive.deadlineReached(now: now)
            self.state = .open(open)
            self.noteHealth(now: now)
            switch due {
            case nil:
                return []
            case .ping:
                return [.ping]
            case .pongsMissed:
                return self.close(code: 1001, reason: "Pong timeout exceeded")
            case .heartbeatMissed:
                return self.close(code: 1001, reason: "Heartbeat timeout exceeded")
            }
        case .idle, .awaitingToken, .connecting, .closing, .settling, .parked, .draining, .finished:
            return []
        }
    }
}

// MARK: - What is where

extension SessionMachine {
    /// What the session is doing.
    public var status: SessionStatus {
        switch self.state {
        case .idle: .idle
        case .awaitingToken: .awaitingToken
        case .connecting: .connecting
        case .open: .open
        case .closing: .closing
        case .settling: .settling
        case .backingOff(let reason, _): .backingOff(reason: reason)
        case .parked(let reason): .parked(reason: reason)
        case .draining: .draining
        case .finished: .finished
        }
    }

    /// S4.10: never silent.
    mutating func positionLost(
        _ reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        guard let position = self.resumePosition else {
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        }
        switch self.policy.onPositionLost {
        case .continue:
            self.pendingGap = StreamGap(
                cause: .positionLost,
                from: position,
                certainty: .possible,
                resolution: .unrecoverable
            )
            self.resumePosition = nil
            return self.backOff(self.backoff.nextDelay(random: &random), reason: reason, now: now)
        case .fail:
            return self.park(
                "the server no longer has the position (\(reason)), and onPositionLost is 'fail': events behind it may be "
                    + "lost; set it to 'continue' to record the gap and start at the server's present"
            )
        }
    }

    mutating func close(code: UInt16, reason: String) -> [SessionAction] {
        self.state = .closing(reason: reason)
        return [.stopReading, .close(code: code, reason: reason)]
    }

    mutating func park(_ reason: String) -> [SessionAction] {
        self.state = .parked(reason: reason)
        return []
    }

    mutating func backOff(_ delay: Duration, reason: String, now: Instant) -> [SessionAction] {
        self.state = .backingOff(reason: reason, until: now.advanced(by: delay))
        return []
    }

    mutating func holdOff(
        seconds: Int?,
        reason: String,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        let drawn = self.holdOff.nextDelay(random: &random)
        let delay = seconds.map { max(Duration.seconds($0), .zero) } ?? drawn
        return self.backOff(delay, reason: reason, now: now)
    }

    mutating func withOpen(_ body: (inout SessionState.Open) -> Void) {
        guard case .open(var open) = self.state else { return }
        body(&open)
        self.state = .open(open)
    }

    mutating func noteHealth(now: Instant) {
        guard case .open(var open) = self.state, !open.isHealthy, open.hasBatch else { return }
        guard open.openedAt.duration(to: now) >= self.policy.healthyAfter else { return }
        open.isHealthy = true
        self.state = .open(open)
        self.becameHealthy()
    }

    mutating func becameHealthy() {
        self.backoff.reset()
        self.holdOff.reset()
        self.refusals.reset()
        self.forbiddenCount = 0
        self.unhealthyExpiries = 0
    }
}
