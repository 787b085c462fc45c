// On the way to a socket: token, pre-flight, the host's turn, handshake. The same steps for the first socket and for a successor.

extension SessionMachine {
    mutating func makeAttempt() -> SessionAttempt {
        self.lastSocket += 1
        return SessionAttempt(id: SocketID(self.lastSocket))
    }

    mutating func beginAttempt(tokenNewerThan serial: Int?) -> [SessionAction] {
        // Without a position no successor is made, which would try what is in doubt.
        if self.resumePosition != nil { self.registry.withdrawNext() }
        let attempt = self.makeAttempt()
        self.state = .attempting(attempt)
        return [.awaitToken(attempt.id, newerThan: serial)]
    }

    /// The attempt `id`, if it is not given up.
    func attempt(_ id: SocketID) -> SessionAttempt? {
        switch self.state {
        case .attempting(let attempt) where attempt.id == id:
            return attempt
        case .open(let open):
            guard case .attempting(let attempt) = open.successor, attempt.id == id else { return nil }
            return attempt
        case .idle, .attempting, .closing, .settling, .backingOff, .parked, .draining, .finished:
            return nil
        }
    }

    mutating func store(_ attempt: SessionAttempt) {
        switch self.state {
        case .attempting:
            self.state = .attempting(attempt)
        case .open(var open):
            open.successor = .attempting(attempt)
            self.state = .open(open)
        case .idle, .closing, .settling, .backingOff, .parked, .draining, .finished:
            preconditionFailure("an attempt was stored that nobody makes")
        }
    }

    /// The token task has a token.
    public mutating func tokenReady(
        _ id: SocketID,
        serial: Int,
        expiresAt: Instant?,
        now: Instant
    ) -> [SessionAction] {
        guard var attempt = self.attempt(id), attempt.phase == .awaitingToken else { return [] }
        attempt.tokenSerial = serial
        attempt.tokenExpiresAt = expiresAt
        guard self.registry.needsPreflight(tokenSerial: serial), !self.registry.wanted.isEmpty else {
            return self.awaitTurn(attempt, now: now)
        }
        attempt.phase = .validating
        self.store(attempt)
        return [.validate(id, self.registry.wanted)]
    }

    /// The server said what it thinks of the subscriptions, or could not.
    public mutating func validated(
        _ id: SocketID,
        _ outcome: PreflightOutcome,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        if case .open(let open) = self.state, open.revalidation == id {
            return self.revalidated(outcome, now: now)
        }
        guard let attempt = self.attempt(id), attempt.phase == .validating, let serial = attempt.tokenSerial else {
            return []
        }
        if case .unauthorized(let reason) = outcome {
            return self.failed(attempt, .unauthorized(reason: reason), now: now, random: &random)
        }
        let missing = self.registry.validated(outcome, tokenSerial: serial, position: self.resumePosition, now: now)
        self.notePruned(missing, now: now)
        return self.awaitTurn(attempt, now: now)
    }

    /// What is left out misses what comes until a socket brings it again (`no-silent-loss`); `topics` from now on.
    mutating func notePruned(_ topics: [SubscriptionTopic], now: Instant) {
        if !topics.isEmpty { self.noteGap(of: topics, from: self.resumePosition) }
        if self.registry.pruned.isEmpty {
            self.revalidateAt = nil
        } else {
            self.revalidateAt = self.revalidateAt ?? now.advanced(by: self.policy.revalidateInterval)
        }
    }

    mutating func noteGap(of topics: [SubscriptionTopic], from position: Position?) {
        // Whoever is refused again and again before a socket delivers misses one stretch, not many; one that was closed meanwhile is another.
        let named = Set(topics)
        let last = self.pendingGaps.last { gap in
            gap.cause == .unsubscribed && gap.topics?.contains(where: named.contains) == true
        }
        if let last, last.resolution == .open, last.topics == topics { return }
        self.pendingGaps.append(
            StreamGap(
                cause: .unsubscribed,
                from: position,
                topics: topics,
                certainty: .possible,
                resolution: .open
            )
        )
    }

    /// The socket of `attempt` is read from now on: what it brings again was missed up to what was received without it, for that may be
    /// committed before what the socket repeats is delivered.
    mutating func noteBrought(by attempt: SessionAttempt) {
        guard !attempt.isProbe else { return }
        self.noteDropped(besides: attempt.topics)
        for (topic, was) in self.registry.brought(attempt.topics) {
            self.pendingGaps.append(
                StreamGap(
                    cause: .unsubscribed,
                    from: was.position,
                    to: self.resumePosition,
                    topics: [topic],
                    certainty: .possible,
                    resolution: .unrecoverable
                )
            )
        }
    }

    /// A resource that was deleted may have had events that were not received yet: nobody can ask for them any more (`no-silent-loss`).
    private mutating func noteDropped(besides asked: [SubscriptionTopic]) {
        let topics = self.registry.takeDropped(besides: asked)
        guard !topics.isEmpty else { return }
        var gap = StreamGap(
            cause: .unsubscribed,
            from: self.resumePosition,
            topics: topics,
            certainty: .possible,
            resolution: .unrecoverable
        )
        gap.isOfDropped = true
        self.pendingGaps.append(gap)
    }

    private mutating func awaitTurn(_ attempt: SessionAttempt, now: Instant) -> [SessionAction] {
        var attempt = attempt
        (attempt.topics, attempt.isProbe) = self.registry.next
        guard !attempt.topics.isEmpty else { return self.nothingToSubscribe(now: now) }
        if case .open = self.state, attempt.isProbe {
            // A list that is in doubt is not tried beside a socket that lives.
            return self.giveUpSuccessor()
        }
        attempt.phase = .awaitingTurn
        self.store(attempt)
        return [.awaitTurn(attempt.id)]
    }

    /// S5.6: everything is invalid, or nothing is wanted.
    private mutating func nothingToSubscribe(now: Instant) -> [SessionAction] {
        if case .open = self.state { return self.giveUpSuccessor() }
        // A time that has passed would ask the server over and over.
        let next = self.revalidateAt.flatMap { $0 > now ? $0 : nil } ?? now.advanced(by: self.policy.revalidateInterval)
        self.revalidateAt = self.registry.pruned.isEmpty ? nil : next
        return self.park(self.registry.emptyReason, retryAt: next)
    }

    /// The host may be connected to.
    public mutating func turnGranted(_ id: SocketID) -> [SessionAction] {
        guard var attempt = self.attempt(id), attempt.phase == .awaitingTurn else { return [] }
        attempt.phase = .connecting
        attempt.resumedFrom = self.resumePosition
        self.store(attempt)
        return [.connect(id, topics: attempt.topics, resumeFrom: attempt.resumedFrom)]
    }

    /// The socket is open.
    public mutating func connected(_ id: SocketID, now: Instant) -> [SessionAction] {
        self.openSockets.insert(id)
        guard let attempt = self.attempt(id), attempt.phase == .connecting else {
            // Given up meanwhile.
            return [.close(id, code: 1000, reason: "")]
        }
        let socket = LiveSocket(
            attempt: attempt,
            openedAt: now,
            keepAlive: KeepAlive(self.policy.keepAlive, now: now)
        )
        if case .open(var open) = self.state {
            open.successor = .open(socket)
            self.state = .open(open)
        } else {
            self.state = .open(self.opened(socket))
            if attempt.resumedFrom == nil, !attempt.isProbe { self.noteMissingStart() }
        }
        return []
    }

    /// A socket that starts at the server's present misses what came before.
    private mutating func noteMissingStart() {
        guard !self.pendingGaps.contains(where: { $0.topics == nil }) else { return }
        self.pendingGaps.insert(
            StreamGap(cause: .missingCheckpoint, from: nil, certainty: .possible, resolution: .unrecoverable),
            at: 0
        )
    }

    /// The socket could not be opened.
    public mutating func connectFailed(
        _ id: SocketID,
        _ failure: ConnectFailure,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        let trouble = SessionTrouble(failure)
        guard let attempt = self.attempt(id), attempt.phase == .connecting else {
            // Given up meanwhile.
            return self.told(by: trouble)
        }
        return self.failed(attempt, trouble, now: now, random: &random)
    }

    mutating func failed(
        _ attempt: SessionAttempt,
        _ trouble: SessionTrouble,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        if case .open = self.state {
            return self.successorFailed(attempt, trouble, now: now, random: &random)
        }
        return self.respond(to: trouble, of: attempt, wasHealthy: false, now: now, random: &random)
    }
}

extension SessionAttempt.Phase {
    var status: SessionStatus.Attempt {
        switch self {
        case .awaitingToken: .awaitingToken
        case .validating: .validating
        case .awaitingTurn: .awaitingTurn
        case .connecting: .connecting
        }
    }
}
