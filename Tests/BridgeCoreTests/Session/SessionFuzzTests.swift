import BridgeCore
import Testing

@Suite("Session machine: whatever happens, it never waits for nothing (no-dead-wait)")
struct SessionFuzzTests {
    /// A driver that knows what it was asked to do, and lets it end in any legal way and order.
    private struct Driver {
        enum Operation: Hashable {
            case token(SocketID, newerThan: Int?)
            case validation(SocketID, [SubscriptionTopic])
            case turn(SocketID)
            case handshake(SocketID)
            case settling
            case draining
        }

        var machine: SessionMachine
        var random: SeededGenerator
        var now = Instant()
        /// What was begun and has not ended; operations of attempts that were given up end like all others.
        var operations: [Operation] = []
        var sockets: Set<SocketID> = []
        /// Sockets that were told to close: their end is due.
        var closing: Set<SocketID> = []
        var isReading = false
        var isFinished = false
        var serial = 1
        var position = 0
        var committed = 0
        var counts: [String: Int] = [:]
        var failures: [String] = []

        static let topics = (0..<6).map { SubscriptionTopic(event: "e", resourceID: "\($0)") }

        init(seed: UInt64) {
            self.random = SeededGenerator(seed: seed)
            let policy = SessionPolicy(
                keepAlive: .init(heartbeatTimeout: Bool.random(using: &self.random) ? .seconds(15) : nil),
                onPositionLost: Int.random(in: 0..<4, using: &self.random) == 0 ? .fail : .continue,
                rolloverMargin: Bool.random(using: &self.random) ? .seconds(60) : nil,
                revalidateInterval: .seconds(Int.random(in: 20...300, using: &self.random))
            )
            let committed = Bool.random(using: &self.random) ? p("0") : nil
            self.machine = SessionMachine(policy: policy, topics: Self.topics, committed: committed)
        }

        private mutating func note(_ fact: String) { self.counts[fact, default: 0] += 1 }

        private mutating func oneIn(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self.random) == 0 }

        mutating func perform(_ actions: [SessionAction]) {
            for action in actions {
                switch action {
                case .markTokenBad(let serial):
                    if serial > self.serial { self.failures.append("a token that nobody gave is bad") }
                    self.note("bad token")
                case .awaitToken(let id, let newerThan): self.operations.append(.token(id, newerThan: newerThan))
                case .validate(let id, let topics): self.operations.append(.validation(id, topics))
                case .awaitTurn(let id): self.operations.append(.turn(id))
                case .connect(let id, let topics, _):
                    if topics.isEmpty || Set(topics).count != topics.count {
                        self.failures.append("connects for \(topics)")
                    }
                    self.operations.append(.handshake(id))
                case .ping(let id), .close(let id, _, _):
                    if !self.sockets.contains(id) { self.failures.append("\(action), which is not open") }
                    if case .close = action { self.closing.insert(id) }
                case .holdOffHost: self.note("hold-off")
                case .hostIsHealthy: self.note("healthy")
                case .stopReading: self.isReading = false
                case .discardAndSettle: self.operations.append(.settling)
                case .drainAndSettle: self.operations.append(.draining)
                case .finish:
                    if self.isFinished { self.failures.append("finished twice") }
                    self.isFinished = true
                }
            }
        }

        mutating func step() {
            switch Int.random(in: 0..<100, using: &self.random) {
            case 0..<45 where !self.operations.isEmpty:
                self.end(self.operations.remove(at: Int.random(in: 0..<self.operations.count, using: &self.random)))
            case 0..<80 where !self.sockets.isEmpty: self.socketStep()
            case 0..<94: self.timeStep()
            case 94: self.perform(self.machine.topicsChanged(self.someTopics(), now: self.now))
            case 95 where self.machine.status != .idle:
                self.perform(self.machine.deliveryFailed(reason: "fatal"))
                self.note("failed delivery")
            default: self.timeStep()
            }
        }

        private mutating func someTopics() -> [SubscriptionTopic] {
            self.oneIn(6) ? [] : Self.topics.filter { _ in Bool.random(using: &self.random) }
        }

        private mutating func timeStep() {
            self.now = self.now.advanced(by: .milliseconds(Int.random(in: 0...3000, using: &self.random)))
            if let deadline = self.machine.nextDeadline, Bool.random(using: &self.random) {
                self.now = max(self.now, deadline)
            }
            // As a driver does: until nothing is due.
            for _ in 0..<50 {
                guard let deadline = self.machine.nextDeadline, deadline <= self.now else { return }
                self.perform(self.machine.deadlineReached(now: self.now, random: &self.random))
            }
            self.failures.append("spins at \(self.machine.status)")
        }

        private mutating func end(_ operation: Operation) {
            switch operation {
            case .token(let id, let newerThan):
                if let newerThan, newerThan >= self.serial { self.serial = newerThan + 1 }
                if self.oneIn(10) { self.serial += 1 }
                let expiresAt = self.now.advanced(by: .seconds(Int.random(in: -10...600, using: &self.random)))
                self.perform(self.machine.tokenReady(id, serial: self.serial, expiresAt: expiresAt, now: self.now))
            case .validation(let id, let topics):
                self.perform(self.machine.validated(id, self.outcome(topics), now: self.now, random: &self.random))
            case .turn(let id): self.perform(self.machine.turnGranted(id))
            case .handshake(let id):
                guard Bool.random(using: &self.random) else {
                    self.perform(self.machine.connectFailed(id, self.failure(), now: self.now, random: &self.random))
                    return
                }
                self.sockets.insert(id)
                self.perform(self.machine.connected(id, now: self.now))
                self.isReading = self.isReading || self.machine.status == .open
                self.note("connected")
            case .settling, .draining:
                let position = self.committed == 0 ? nil : p("\(self.committed)")
                self.perform(self.machine.settled(committed: position, now: self.now, random: &self.random))
                self.note("settled")
            }
        }

        private mutating func outcome(_ topics: [SubscriptionTopic]) -> PreflightOutcome {
            switch Int.random(in: 0..<10, using: &self.random) {
            case 0: return .missing
            case 1: return .unavailable(reason: "503")
            case 2: return .unauthorized(reason: "401")
            case 3: return SessionHarness.verdicts(bad: topics)
            default:
                return SessionHarness.verdicts(good: topics.filter { $0 != topics.first }, bad: Array(topics.prefix(1)))
            }
        }

        private mutating func failure() -> ConnectFailure {
            let failures: [ConnectFailure] = [
                .unauthorized(reason: "401"), .forbidden(reason: "403"),
                .throttled(retryAfterSeconds: 1, reason: "429"),
                .subscriptionsRejected(reason: "400"), .unavailable(reason: "503"),
            ]
            return self.oneIn(20) ? .positionLost(reason: "410") : failures.randomElement(using: &self.random)!
        }

        private mutating func socketStep() {
            let sorted = self.sockets.sorted { $0.number < $1.number }
            let id = sorted.randomElement(using: &self.random)!
            switch Int.random(in: 0..<20, using: &self.random) {
            case 0..<10: self.message(id)
            case 10..<13: self.perform(self.machine.pongReceived(id, now: self.now))
            case 13: self.machine.heldBack(id, now: self.now)
            case 14: self.machine.released(id, now: self.now)
            case 15:
                switch self.machine.unreadableReceived(id, closeCode: 1007, reason: "not JSON", now: self.now) {
                case .resume(let actions): self.perform(actions)
                case .skip, .ignore: break
                }
            default:
                guard self.closing.contains(id) || self.oneIn(4) else { return }
                let ends: [ConnectionEnd] = [
                    .tokenExpired, .throttled(retryAfterSeconds: nil, reason: "429"),
                    .subscriptionsRejected(reason: "400"),
                    .lost(reason: "reset"), .lost(reason: "eof"),
                ]
                let end = self.oneIn(30) ? .positionLost(reason: "410") : ends.randomElement(using: &self.random)!
                self.sockets.remove(id)
                self.closing.remove(id)
                self.perform(self.machine.ended(id, end, now: self.now, random: &self.random))
                self.note("ended")
            }
        }

        private mutating func message(_ id: SocketID) {
            self.perform(self.machine.messageArrived(id, now: self.now, random: &self.random))
            guard self.machine.mayHandOn(id) else { return }
            for _ in 0..<50 {
                guard let gap = self.machine.pendingGap else { break }
                self.note("gap")
                self.machine.gapHandedOn(gap)
            }
            self.position += 1
            if self.oneIn(3) { self.committed = self.position }
            let position = self.oneIn(4) ? nil : p("\(self.position)")
            self.perform(self.machine.messageHandedOn(id, position: position, now: self.now))
            self.note("message")
        }

        /// What must hold after every step.
        mutating func check() {
            let status = self.machine.status
            let isWaitingForTime = self.machine.nextDeadline != nil
            let isWaitingForDriver = !self.operations.isEmpty || !self.closing.isEmpty
            switch status {
            case .idle, .finished: break
            case .parked: self.note("parked")
            case .open, .backingOff:
                if !isWaitingForTime { self.failures.append("waits for nothing, \(status)") }
            case .attempting, .closing, .settling, .draining:
                if !isWaitingForTime, !isWaitingForDriver { self.failures.append("waits for nothing, \(status)") }
            }
            if self.machine.openSocketCount != self.sockets.count {
                self.failures.append("miscounts its sockets, \(status)")
            }
            // A socket that is neither read, nor to follow, nor told to close would stay for ever.
            for id in self.sockets where !self.machine.concerns(id) && !self.closing.contains(id) {
                if status == .draining { continue }
                self.failures.append("leaves \(id) open, \(status)")
            }
            if self.machine.isRollingOver { self.note("rollover") }
        }

        /// The machine's own operation, where it has one, is among those that the driver knows.
        mutating func checkAttempt() {
            guard case .attempting(let phase) = self.machine.status else { return }
            let isKnown = self.operations.contains { operation in
                switch (phase, operation) {
                case (.awaitingToken, .token), (.validating, .validation), (.awaitingTurn, .turn),
                    (.connecting, .handshake):
                    true
                default: false
                }
            }
            if !isKnown { self.failures.append("waits for \(phase) that nobody does") }
        }
    }

    @Test(
        "random sequences of legal events never trap, spin, or leave it waiting; it always stops (no-dead-wait)",
        arguments: [UInt64(1), 100, 200, 300]
    )
    func fuzz(from first: UInt64) {
        var counts: [String: Int] = [:]
        for seed in first..<first + 40 {
            var driver = Driver(seed: seed)
            driver.perform(driver.machine.start())
            for step in 0..<400 {
                driver.step()
                driver.check()
                driver.checkAttempt()
                guard driver.failures.isEmpty else {
                    Issue.record("seed \(seed), step \(step): \(driver.failures[0])")
                    return
                }
            }
            driver.perform(driver.machine.stop())
            for _ in 0..<4000 where !driver.isFinished { driver.step() }
            #expect(
                driver.isFinished && driver.failures.isEmpty,
                "seed \(seed): \(driver.machine.status) \(driver.failures)"
            )
            #expect(driver.machine.status == .finished && driver.machine.nextDeadline == nil, "seed \(seed)")
            counts.merge(driver.counts, uniquingKeysWith: +)
        }
        for fact in [
            "bad token", "hold-off", "healthy", "connected", "ended", "settled", "failed delivery", "message", "gap",
            "parked",
            "rollover",
        ] {
            #expect(counts[fact, default: 0] > 0, "no \(fact)")
        }
    }
}
