import BridgeCore
import Testing

/// Drives a session's machine as a driver does: tells it what a test says has happened, and takes the steps on the way to a socket.
struct SessionHarness {
    /// What a handshake asked for.
    struct Handshake: Hashable {
        var id: SocketID
        var topics: [SubscriptionTopic]
        var resumeFrom: Position?
    }

    /// An attempt that began after a pause.
    struct Retry: Hashable {
        var id: SocketID
        var newerThan: Int?
        var pause: Duration
    }

    var machine: SessionMachine
    var now = Instant()
    var random: SeededGenerator
    /// The token that the next attempt is given, and how long it lives from then on.
    var tokenSerial = 1
    var tokenLife: Duration?
    /// What the server says of subscriptions before a handshake; nil: everything is valid.
    var preflight: PreflightOutcome?
    /// What was asked before handshakes.
    var asked: [[SubscriptionTopic]] = []
    /// Gaps that were recorded, in order.
    var recorded: [StreamGap] = []
    var healthyCount = 0
    /// What the last wait ended with.
    var lastDue: [SessionAction] = []

    init(
        policy: SessionPolicy = .init(keepAlive: .init(heartbeatTimeout: nil)),
        topics: [SubscriptionTopic] = Self.topics("a"),
        committed: Position? = p("0"),
        seed: UInt64 = 7
    ) {
        self.machine = SessionMachine(policy: policy, topics: topics, committed: committed)
        self.random = SeededGenerator(seed: seed)
    }

    static func topics(_ names: String...) -> [SubscriptionTopic] {
        names.map { SubscriptionTopic(event: "routing.queueEvents", resourceID: $0) }
    }

    /// A verdict on each of `good` and `bad`.
    static func verdicts(good: [SubscriptionTopic] = [], bad: [SubscriptionTopic] = []) -> PreflightOutcome {
        .verdicts(
            good.map { SubscriptionVerdict(topic: $0, refusal: nil) }
                + bad.map { SubscriptionVerdict(topic: $0, refusal: "not found") }
        )
    }
}

// MARK: - On the way to a socket

extension SessionHarness {
    /// Starts the session. Returns its first attempt.
    mutating func begin() throws -> SocketID {
        try Self.attempt(in: self.machine.start()).id
    }

    /// The attempt that `actions` begin.
    static func attempt(in actions: [SessionAction]) throws -> (id: SocketID, newerThan: Int?) {
        let found = actions.compactMap { action -> (id: SocketID, newerThan: Int?)? in
            guard case .awaitToken(let id, let serial) = action else { return nil }
            return (id, serial)
        }
        try #require(found.count == 1, "one attempt begins, not \(actions)")
        return found[0]
    }

    /// Gives `id` its token.
    mutating func token(_ id: SocketID) -> [SessionAction] {
        let expiresAt = self.tokenLife.map { self.now.advanced(by: $0) }
        return self.machine.tokenReady(id, serial: self.tokenSerial, expiresAt: expiresAt, now: self.now)
    }

    /// Answers the question that `actions` ask, if they do.
    mutating func answer(_ actions: [SessionAction]) -> [SessionAction] {
        guard case .validate(let id, let topics)? = actions.first else { return actions }
        self.asked.append(topics)
        let outcome = self.preflight ?? Self.verdicts(good: topics)
        return self.machine.validated(id, outcome, now: self.now, random: &self.random)
    }

    /// Takes `id` from its token to the handshake.
    mutating func handshake(_ id: SocketID) throws -> Handshake {
        let actions = self.answer(self.token(id))
        try #require(actions == [.awaitTurn(id)])
        return try self.turn(id)
    }

    /// Lets `id` connect.
    mutating func turn(_ id: SocketID) throws -> Handshake {
        let actions = self.machine.turnGranted(id)
        guard case .connect(id, let topics, let position)? = actions.first, actions.count == 1 else {
            throw Unexpected(actions: actions)
        }
        return Handshake(id: id, topics: topics, resumeFrom: position)
    }

    /// Takes `id` from its token to an open socket.
    @discardableResult
    mutating func open(_ id: SocketID) throws -> Handshake {
        let handshake = try self.handshake(id)
        same(self.machine.connected(id, now: self.now), [])
        return handshake
    }

    /// Starts the session and opens its first socket.
    mutating func opened() throws -> SocketID {
        let id = try self.begin()
        try self.open(id)
        return id
    }

    /// Waits for the end of a pause and begins the next attempt.
    mutating func retry() throws -> Retry {
        let since = self.now
        self.now = try #require(self.machine.nextDeadline)
        let (id, serial) = try Self.attempt(in: self.deadlineReached())
        return Retry(id: id, newerThan: serial, pause: since.duration(to: self.now))
    }

    /// Waits for the end of a pause and opens the next socket.
    @discardableResult
    mutating func reopen() throws -> Handshake {
        let retry = try self.retry()
        return try self.open(retry.id)
    }

    struct Unexpected: Error {
        var actions: [SessionAction]
    }
}

// MARK: - What happens

extension SessionHarness {
    /// `id` brings a message, which is handed on if that is allowed, behind the gaps that have to be recorded first.
    @discardableResult
    mutating func receive(_ id: SocketID, _ position: Position? = nil) -> [SessionAction] {
        let actions = self.machine.messageArrived(id, now: self.now, random: &self.random)
        guard self.machine.mayHandOn(id) else { return actions }
        while let gap = self.machine.pendingGap {
            self.recorded.append(gap)
            self.machine.gapHandedOn(gap)
        }
        return actions + self.quiet(self.machine.messageHandedOn(id, position: position, now: self.now))
    }

    @discardableResult
    mutating func end(_ id: SocketID, _ end: ConnectionEnd) -> [SessionAction] {
        self.machine.ended(id, end, now: self.now, random: &self.random)
    }

    @discardableResult
    mutating func fail(_ id: SocketID, _ failure: ConnectFailure) -> [SessionAction] {
        self.machine.connectFailed(id, failure, now: self.now, random: &self.random)
    }

    @discardableResult
    mutating func settle(_ committed: Position?, lost: [StreamGap] = []) -> [SessionAction] {
        self.machine.settled(committed: committed, lost: lost, now: self.now, random: &self.random)
    }

    mutating func deadlineReached() -> [SessionAction] {
        self.machine.deadlineReached(now: self.now, random: &self.random)
    }

    /// Lets time pass with a peer that answers every ping. Returns what else is to be done; stops there.
    mutating func pass(_ duration: Duration) -> [SessionAction] {
        let end = self.now.advanced(by: duration)
        var idle = 0
        while idle < 100 {
            guard let deadline = self.machine.nextDeadline, deadline <= end else {
                self.now = end
                return []
            }
            idle = deadline > self.now ? 0 : idle + 1
            self.now = max(self.now, deadline)
            var actions = self.deadlineReached()
            for case .ping(let id) in actions { actions += self.machine.pongReceived(id, now: self.now) }
            actions = self.quiet(actions.filter { if case .ping = $0 { false } else { true } })
            if !actions.isEmpty { return actions }
        }
        Issue.record("the machine spins at \(self.now), \(self.machine.status)")
        return []
    }

    private mutating func quiet(_ actions: [SessionAction]) -> [SessionAction] {
        self.healthyCount += actions.count { $0 == .hostIsHealthy }
        return actions.filter { $0 != .hostIsHealthy }
    }
}

// MARK: - Rollover

extension SessionHarness {
    /// A session whose socket has a position, and whose successor's attempt has just begun.
    static func rollingOver(
        policy: SessionPolicy = .init(keepAlive: .init(heartbeatTimeout: nil))
    ) throws -> (session: SessionHarness, live: SocketID, successor: SocketID) {
        var session = SessionHarness(policy: policy)
        session.tokenLife = .seconds(1000)
        let live = try session.opened()
        session.receive(live, p("1"))
        let (successor, serial) = try Self.attempt(in: session.pass(.seconds(1000)))
        try #require(serial == 1)
        session.tokenSerial = 2
        return (session, live, successor)
    }
}

/// The position `value`.
func p(_ value: String) -> Position { Position(kind: .lastEventId, value: value) }
