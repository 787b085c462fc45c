import BridgeCore

/// The server as one tenant sees it: an ordered log, tokens, subscriptions, sockets.
final class TenantUpstream {
    unowned(unsafe) let world: World
    let number: Int
    /// Everything that could be subscribed to.
    let topics: [SubscriptionTopic]
    /// Whether the server takes each of them.
    var isValid: [Bool]
    var log: [LogEvent] = []
    private(set) var sockets: [ServerSocket] = []
    /// Positions behind older events are lost.
    var floor = -1
    /// When each token expires, and whether it was revoked; its number is its place.
    private(set) var tokens: [(expiresAt: Nanoseconds, isRevoked: Bool)] = []
    var handshakeFaults: [HandshakeFault] = []
    /// Resume positions that were refused as lost while the stream had a committed one, and no other socket.
    private(set) var lostPositionCount = 0
    var tokenOutageUntil: Nanoseconds = 0
    var preflightUnavailable = 0
    /// What the bridge is configured to subscribe to.
    var wanted: [Int]
    var wantedTopics: [SubscriptionTopic] { self.wanted.map { self.topics[$0] } }
    /// What became of the tenant's events.
    let truth: TenantTruth

    init(_ world: World, number: Int) {
        self.world = world
        self.number = number
        let count = world.plan.topicCount
        self.topics = (0..<count).map { index in
            index == 0
                ? SubscriptionTopic(event: "users.presence", allowUnfiltered: true)
                : SubscriptionTopic(event: "routing.queueEvents", resourceID: "queue-\(index)")
        }
        self.wanted = Array(0..<count)
        self.isValid = Array(repeating: true, count: count)
        self.truth = TenantTruth(world, topicCount: count)
    }

    // MARK: - Events

    func planEvents() {
        let plan = self.world.plan
        self.world.after(self.world.draw(1...(2 * plan.eventInterval))) {
            // Towards the end nothing new comes, so that everything can be delivered.
            guard self.world.now < plan.length - 10 * .minute else { return }
            let isBurst = self.world.oneIn(plan.burstOneIn)
            for _ in 0..<(isBurst ? self.world.draw(20...400) : self.world.draw(1...3)) { self.logEvent() }
            self.planEvents()
        }
    }

    func logEvent(topic: Int? = nil, brokenCount: Int = 0, isTooLarge: Bool = false) {
        let topic = topic ?? Int(self.world.draw(0...Int64(self.topics.count - 1)))
        let key = UInt16(topic * 8 + Int(topic == 0 ? self.world.draw(0...3) : 0))
        self.log.append(LogEvent(topic: topic, key: key, brokenCount: brokenCount, isTooLarge: isTooLarge))
        self.truth.logged()
        self.world.counts.events += 1
        for socket in self.sockets { socket.eventLogged(topic) }
    }

    // MARK: - Tokens

    /// A new token's number, and how long it lives; nil: the endpoint does not answer as it should.
    func grantToken() -> (id: Int, lifetime: Nanoseconds)? {
        if self.world.now < self.tokenOutageUntil {
            self.world.fire(.tokenOutage)
            return nil
        }
        let lifetime = self.world.plan.tokenLifetime
        self.tokens.append((expiresAt: self.world.now + lifetime, isRevoked: false))
        return (self.tokens.count - 1, lifetime)
    }

    func isTaken(_ token: Int) -> Bool {
        !self.tokens[token].isRevoked && self.world.now < self.tokens[token].expiresAt
    }

    /// The newest token is no longer taken.
    func revokeTokens() {
        for index in self.tokens.indices { self.tokens[index].isRevoked = true }
    }

    // MARK: - Pre-flight

    func preflight(_ asked: [SubscriptionTopic], token: Int) -> PreflightOutcome {
        if self.preflightUnavailable > 0 {
            self.preflightUnavailable -= 1
            self.world.fire(.preflightUnavailable)
            return .unavailable(reason: "503")
        }
        guard self.isTaken(token) else { return .unauthorized(reason: "401") }
        switch self.world.plan.preflight {
        case .missing:
            return .missing
        case .unavailable:
            return .unavailable(reason: "503")
        case .lying:
            return .verdicts(asked.map { SubscriptionVerdict(topic: $0, refusal: nil) })
        case .correct:
            return .verdicts(
                asked.map { topic in
                    let isValid = self.isValid[self.index(of: topic)]
                    return SubscriptionVerdict(topic: topic, refusal: isValid ? nil : "resource not found")
                }
            )
        }
    }

    func index(of topic: SubscriptionTopic) -> Int {
        self.topics.firstIndex(of: topic) ?? 0
    }

    // MARK: - Handshake

    /// What the server says to a handshake that arrives now.
    func handshake(
        topics: [SubscriptionTopic],
        resumeFrom: Position?,
        token: Int
    ) -> Result<ServerSocket, ConnectFailure> {
        let upstream = self.world.upstream
        if self.world.now < upstream.blockedUntil {
            self.world.counts.throttledWhileBlocked += 1
            return .failure(.throttled(retryAfterSeconds: nil, reason: "429 while blocked"))
        }
        if !self.handshakeFaults.isEmpty {
            switch self.handshakeFaults.removeFirst() {
            case .unavailable:
                self.world.fire(.handshakeUnavailable)
                return .failure(.unavailable(reason: "503"))
            case .timeout:
                self.world.fire(.handshakeTimeout)
                return .failure(.unavailable(reason: "timed out"))
            case .forbidden:
                self.world.fire(.forbidden)
                return .failure(.forbidden(reason: "403"))
            case .throttled(let seconds):
                self.world.fire(.throttledHandshake)
                upstream.block(for: Nanoseconds(seconds ?? 60) * .second)
                return .failure(.throttled(retryAfterSeconds: seconds, reason: "429"))
            }
        }
        guard self.isTaken(token) else { return .failure(.unauthorized(reason: "401")) }
        let sequence = resumeFrom.map(OpaquePosition.sequence(of:))
        var subscribed = Array(repeating: false, count: self.topics.count)
        for topic in topics { subscribed[self.index(of: topic)] = true }
        let isRefused = self.topics.indices.contains { subscribed[$0] && !self.isValid[$0] }
        let isLost = sequence.map { $0 < self.floor } ?? false
        if isLost, self.truth.committed >= 0, self.sockets.isEmpty { self.lostPositionCount += 1 }
        if !self.world.plan.refusesByClose {
            if isRefused { return .failure(.subscriptionsRejected(reason: "400")) }
            if isLost {
                self.world.fire(.positionLost)
                return .failure(.positionLost(reason: "410"))
            }
        }
        let socket = ServerSocket(self, subscribed: subscribed, resumeFrom: isLost ? nil : sequence, tokenID: token)
        self.sockets.append(socket)
        if isRefused || isLost {
            if isLost { self.world.fire(.positionLost) }
            let reason = isRefused ? "invalid subscription" : "position lost"
            socket.refuse(isRefused ? .subscriptionsRejected(reason: reason) : .positionLost(reason: reason))
            return .success(socket)
        }
        self.planExpiry(of: socket)
        return .success(socket)
    }

    private func planExpiry(of socket: ServerSocket) {
        let expiresAt = self.tokens[socket.tokenID].expiresAt
        self.world.after(expiresAt - self.world.now) { socket.end(.tokenExpired, abrupt: false) }
    }

    func forget(_ socket: ServerSocket) {
        self.sockets.removeAll { $0 === socket }
    }
}
