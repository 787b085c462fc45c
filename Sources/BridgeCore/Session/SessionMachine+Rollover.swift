// A second socket takes over from the first: before its token expires (S4.8), or because the subscriptions changed.

extension SessionMachine {
    /// What is known of a socket that opened: when its successor is due.
    mutating func opened(_ socket: LiveSocket) -> SessionState.Open {
        var open = SessionState.Open(live: socket)
        if let margin = self.policy.rolloverMargin, let expiresAt = socket.attempt.tokenExpiresAt,
            !socket.attempt.isProbe
        {
            // A short-lived token must not make the socket roll over at once.
            let quarter = Duration.nanoseconds(max(0, socket.openedAt.duration(to: expiresAt).wholeNanoseconds / 4))
            open.rolloverAt = expiresAt.advanced(by: .zero - min(margin, quarter))
        }
        return open
    }

    /// Why a successor is wanted at `now`, if it is; and which token will do.
    mutating func successorWanted(_ open: SessionState.Open, now: Instant) -> Int?? {
        guard open.successor == nil, !open.live.attempt.isProbe, self.resumePosition != nil else { return nil }
        let isRolloverDue = open.rolloverAt.map { now >= $0 } ?? false
        if isRolloverDue, self.registry.isSearching {
            // What is in doubt can wait; the token cannot.
            self.registry.withdrawNext()
            return .some(open.live.attempt.tokenSerial)
        }
        self.registry.addNext()
        if open.live.attempt.topics != self.registry.active, !self.registry.active.isEmpty { return .some(nil) }
        return isRolloverDue ? .some(open.live.attempt.tokenSerial) : nil
    }

    mutating func beginSuccessorIfDue(now: Instant) -> [SessionAction] {
        guard case .open(let open) = self.state, let serial = self.successorWanted(open, now: now) else { return [] }
        return self.beginSuccessor(tokenNewerThan: serial)
    }

    mutating func beginSuccessor(tokenNewerThan serial: Int?) -> [SessionAction] {
        guard case .open(var open) = self.state else { return [] }
        let attempt = self.makeAttempt()
        open.successor = .attempting(attempt)
        self.state = .open(open)
        return [.awaitToken(attempt.id, newerThan: serial)]
    }

    /// The attempt at a successor failed, or the successor ended before it delivered: the socket that is read goes on.
    mutating func successorFailed(
        _ attempt: SessionAttempt,
        _ trouble: SessionTrouble,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        guard case .open(var open) = self.state else { return [] }
        var actions: [SessionAction] = []
        var pause = SessionState.Pause(
            reason: trouble.reason,
            until: now.advanced(by: self.successorBackoff.nextDelay(random: &random)),
            // One that had the living socket's token was not begun for a newer one.
            tokenNewerThan: attempt.tokenSerial == open.live.attempt.tokenSerial ? nil : open.live.attempt.tokenSerial
        )
        switch trouble {
        case .forbidden where self.forbiddenCount > 0:
            pause.until = now.advanced(by: self.refusals.nextDelay(random: &random))
        case .unauthorized, .forbidden, .tokenExpired:
            if case .forbidden = trouble { self.forbiddenCount += 1 }
            actions = self.tokenRefused(attempt)
            pause.tokenNewerThan = attempt.tokenSerial ?? pause.tokenNewerThan
        case .throttled(let seconds, _):
            actions = [.holdOffHost(retryAfterSeconds: seconds)]
        case .subscriptionsRejected(let reason):
            // What the living socket has is taken; what the successor wanted beside it is in doubt.
            let missing = self.registry.rejected(
                attempt.topics,
                besides: open.live.attempt.topics,
                reason: reason,
                position: self.resumePosition,
                now: now
            )
            self.notePruned(missing, now: now)
            // What is left when the search is over waits as long as if it had been refused now.
            if self.revalidateAt != nil { self.revalidateAt = now.advanced(by: self.policy.revalidateInterval) }
        case .positionLost, .lost:
            break
        }
        open.successor = .backingOff(pause)
        self.state = .open(open)
        return actions
    }

    /// No successor can be tried now; the next reason for one begins anew.
    mutating func giveUpSuccessor() -> [SessionAction] {
        guard case .open(var open) = self.state else { return [] }
        open.successor = nil
        // Its token is as good as the one that was waited for; the end of the living socket decides.
        open.rolloverAt = nil
        self.state = .open(open)
        return []
    }

    /// Whoever does not follow is closed.
    func closeSuccessor(of open: SessionState.Open) -> [SessionAction] {
        guard case .open(let socket) = open.successor else { return [] }
        return [.close(socket.id, code: 1000, reason: "")]
    }

    /// The successor delivers: it is the one that is read from now on.
    mutating func takeOver(_ socket: LiveSocket) -> [SessionAction] {
        guard case .open(let open) = self.state else { return [] }
        self.successorBackoff.reset()
        var next = self.opened(socket)
        next.revalidation = open.revalidation
        self.state = .open(next)
        return [.close(open.live.id, code: 1000, reason: "rolled over")]
    }

    /// The socket that is read is gone, or is being left: whoever was to follow it follows now.
    mutating func promote(_ successor: SessionState.Successor) {
        switch successor {
        case .attempting(let attempt):
            self.state = .attempting(attempt)
        case .open(let socket):
            self.state = .open(self.opened(socket))
        case .backingOff:
            preconditionFailure("a successor that pauses cannot follow")
        }
    }
}

// MARK: - What is subscribed to

extension SessionMachine {
    /// The stream is subscribed to these from now on: a successor brings what is new (S5.5).
    public mutating func topicsChanged(_ topics: [SubscriptionTopic], now: Instant) -> [SessionAction] {
        self.registry.setWanted(topics)
        if self.registry.pruned.isEmpty { self.revalidateAt = nil }
        switch self.state {
        case .open(var open):
            if topics.isEmpty {
                let closed = self.closeSuccessor(of: open)
                open.successor = nil
                self.state = .open(open)
                return closed + self.leave(code: 1000, reason: "there is nothing to subscribe to")
            }
            return self.beginSuccessorIfDue(now: now)
        case .parked(_, let retryAt) where retryAt != nil && !topics.isEmpty:
            return self.beginAttempt(tokenNewerThan: nil)
        case .idle, .attempting, .closing, .settling, .backingOff, .parked, .draining, .finished:
            return []
        }
    }

    /// When what was pruned is asked about; nil: not while this socket is read, or not before what is in doubt has been tried.
    func revalidationAt(of open: SessionState.Open) -> Instant? {
        guard open.revalidation == nil, !open.live.attempt.isProbe else { return nil }
        // Without a position no successor is made, and the search waits for one.
        guard !self.registry.isSearching || self.resumePosition == nil else { return nil }
        return self.revalidateAt
    }

    /// Asks about what was pruned, if that is due (S5.3).
    mutating func beginRevalidationIfDue(now: Instant) -> [SessionAction] {
        guard case .open(var open) = self.state, let at = self.revalidationAt(of: open), now >= at else { return [] }
        let topics = self.registry.prunedTopics
        guard !topics.isEmpty else {
            self.revalidateAt = nil
            return []
        }
        let id = self.makeAttempt().id
        open.revalidation = id
        self.state = .open(open)
        self.revalidateAt = now.advanced(by: self.policy.revalidateInterval)
        return [.validate(id, topics)]
    }

    mutating func revalidated(_ outcome: PreflightOutcome, now: Instant) -> [SessionAction] {
        guard case .open(var open) = self.state else { return [] }
        open.revalidation = nil
        self.state = .open(open)
        switch outcome {
        case .verdicts(let verdicts):
            self.notePruned(self.registry.take(verdicts, position: self.resumePosition, now: now), now: now)
        case .missing, .unavailable:
            // Only a handshake can tell: the successor's, beside the socket that lives.
            self.registry.unanswered(isNone: outcome == .missing)
            self.notePruned([], now: now)
        case .unauthorized:
            return []
        }
        return self.beginSuccessorIfDue(now: now)
    }
}
