import BridgeCore
import Testing

@Suite("Session machine: finding the subscriptions that the server refuses (S5.1–S5.4)")
struct SubscriptionSearchTests {
    /// What a server's pre-flight is worth.
    enum Preflight: CaseIterable {
        case right, missing, lying, unavailable
    }

    /// A server that refuses every list that names one of `bad`, and a session that wants `topics` of it.
    private struct Search {
        var session: SessionHarness
        let topics: [SubscriptionTopic]
        let bad: Set<SubscriptionTopic>
        let preflight: Preflight
        var random: SeededGenerator
        var probes = 0
        var refusals = 0
        /// How many refused handshakes asked for everything that was thought to be good.
        var wholeRefusals = 0

        init(count: Int, badCount: Int, preflight: Preflight, seed: UInt64, committed: Position? = p("0")) {
            var random = SeededGenerator(seed: seed)
            self.topics = (0..<count).map { SubscriptionTopic(event: "e", resourceID: "\($0)") }
            self.bad = Set(self.topics.shuffled(using: &random).prefix(badCount))
            self.preflight = preflight
            self.random = random
            self.session = SessionHarness(topics: self.topics, committed: committed, seed: seed)
        }

        /// What the server says of `topics`.
        func verdict(on topics: [SubscriptionTopic]) -> PreflightOutcome {
            switch self.preflight {
            case .right:
                SessionHarness.verdicts(
                    good: topics.filter { !self.bad.contains($0) },
                    bad: topics.filter(self.bad.contains)
                )
            case .missing: .missing
            case .lying: SessionHarness.verdicts(good: topics)
            case .unavailable: .unavailable(reason: "503")
            }
        }

        /// One attempt, to its end. Returns the socket that is read, if one is.
        mutating func attempt(_ id: SocketID) throws -> SocketID? {
            self.session.preflight = self.verdict(on: self.topics)
            guard self.session.answer(self.session.token(id)) == [.awaitTurn(id)] else { return nil }
            let handshake = try self.session.turn(id)
            let isRefused = handshake.topics.contains(where: self.bad.contains)
            let isWhole = handshake.topics == self.session.machine.registry.active
            if isRefused {
                self.refusals += 1
                self.wholeRefusals += isWhole ? 1 : 0
                if Bool.random(using: &self.random) {
                    self.session.fail(id, .subscriptionsRejected(reason: "Invalid subscription"))
                } else {
                    same(self.session.machine.connected(id, now: self.session.now), [])
                    self.session.end(id, .subscriptionsRejected(reason: "Invalid subscription"))
                }
                return nil
            }
            same(self.session.machine.connected(id, now: self.session.now), [])
            if self.session.machine.mayHandOn(id) { return id }
            // A probe is taken when it delivers, or when it is not refused for a while.
            self.probes += 1
            let actions =
                Bool.random(using: &self.random)
                ? self.session.receive(id, p("never")) : self.session.pass(.seconds(15))
            #expect(actions == [.stopReading, .close(id, code: 1000, reason: "")])
            self.session.end(id, .lost(reason: "closed"))
            return nil
        }

        /// Goes on until a socket is read or the session is parked.
        mutating func run() throws -> SocketID? {
            var id = try self.session.begin()
            for _ in 0..<1000 {
                if let socket = try self.attempt(id) { return socket }
                if self.session.machine.status.name == "parked" { return nil }
                id = try self.session.retry().id
            }
            Issue.record("the search does not end")
            return nil
        }
    }

    @Test(
        "exactly the bad ones are left out, within a bounded number of handshakes (S5.4)",
        arguments: Preflight.allCases
    )
    func exactly(preflight: Preflight) throws {
        for seed in UInt64(1)...60 {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...40, using: &random)
            let badCount = Int.random(in: 0...min(count, 6), using: &random)
            var search = Search(count: count, badCount: badCount, preflight: preflight, seed: seed)
            let socket = try search.run()
            let registry = search.session.machine.registry
            #expect(Set(registry.pruned.keys) == search.bad, "seed \(seed)")
            #expect(
                registry.active == search.topics.filter { !search.bad.contains($0) },
                "seed \(seed): in their order"
            )
            #expect(registry.pruned.values.allSatisfy { !$0.reason.isEmpty && $0.position == p("0") })
            #expect((socket == nil) == (badCount == count), "seed \(seed)")
            // Each bad one costs at most two handshakes a level of the search.
            let levels = Int.bitWidth - (count - 1).leadingZeroBitCount
            let handshakes = search.probes + search.refusals
            #expect(handshakes <= (preflight == .right ? 0 : 2 + 2 * badCount * levels), "seed \(seed): \(handshakes)")
            #expect(search.wholeRefusals <= 2, "seed \(seed): the whole list is refused twice")
            guard socket == nil else { continue }
            #expect(search.session.machine.status.reason?.contains("takes none of the subscriptions") == true)
            #expect(search.session.machine.nextDeadline != nil, "it is tried again (S5.6)")
        }
    }

    @Test(
        "one refusal by a server in trouble parks nobody, not even who has a single subscription and no pre-flight (S5.4)",
        arguments: [1, 2, 7]
    )
    func transient(count: Int) throws {
        var search = Search(count: count, badCount: 0, preflight: .missing, seed: 1)
        search.session.preflight = .missing
        let id = try search.session.begin()
        _ = try search.session.handshake(id)
        search.session.fail(id, .subscriptionsRejected(reason: "400"))
        var next = try search.session.retry().id
        #expect(try search.attempt(next) == nil, "the whole list is tried once more, as a probe")
        next = try search.session.retry().id
        #expect(try search.attempt(next) != nil)
        #expect(search.session.machine.registry.pruned.isEmpty && search.probes == 1)
    }

    @Test("probes keep to the reconnect rate: each waits its turn and a pause, and none resets the backoff (S5.4)")
    func rate() throws {
        var search = Search(count: 32, badCount: 3, preflight: .missing, seed: 3)
        var id = try search.session.begin()
        while try search.attempt(id) == nil {
            let retry = try search.session.retry()
            #expect(retry.pause > .zero)
            id = retry.id
        }
        #expect(search.probes > 5)
        #expect(search.session.healthyCount == 0)
    }

    @Test("a probe hands nothing on and is no start at the present: no gap is recorded for it (S5.4)")
    func probeHandsNothingOn() throws {
        var search = Search(count: 4, badCount: 1, preflight: .missing, seed: 1, committed: nil)
        let socket = try #require(try search.run())
        #expect(search.session.machine.resumePosition == nil, "a probe's position is not the stream's")
        search.session.receive(socket, p("1"))
        let causes = search.session.recorded.map(\.cause)
        #expect(causes == [.missingCheckpoint, .unsubscribed])
    }

    @Test(
        "what a lying or missing pre-flight hid is tried again, and joins once it is valid (S5.3)",
        arguments: [Preflight.missing, .lying]
    )
    func again(preflight: Preflight) throws {
        var search = Search(count: 8, badCount: 1, preflight: preflight, seed: 4)
        let live = try #require(try search.run())
        search.session.receive(live, p("1"))
        for round in 0..<3 {
            guard case .validate(let id, let asked)? = search.session.pass(.seconds(300)).first else {
                Issue.record("round \(round): nothing is asked about")
                return
            }
            #expect(asked == search.topics.filter(search.bad.contains))
            let outcome = search.verdict(on: asked)
            search.session.preflight = outcome
            let next = try SessionHarness.attempt(in: search.session.answer([.validate(id, asked)])).id
            search.session.preflight = search.verdict(on: search.topics)
            #expect(try search.session.open(next).topics == search.topics)
            guard round == 2 else {
                search.session.end(next, .subscriptionsRejected(reason: "still invalid"))
                #expect(search.session.machine.mayHandOn(live))
                #expect(Set(search.session.machine.registry.pruned.keys) == search.bad)
                same(search.session.pass(.seconds(100)), [], "the living socket has all that is valid")
                continue
            }
            same(search.session.receive(next, p("2")), [.close(live, code: 1000, reason: "rolled over")])
            #expect(search.session.machine.registry.pruned.isEmpty)
        }
    }

    @Test(
        "all invalid where only handshakes can tell: parked, tried again, and open once one is valid (S5.6)",
        arguments: [Preflight.missing, .lying, .unavailable]
    )
    func allInvalid(preflight: Preflight) throws {
        var search = Search(count: 3, badCount: 3, preflight: preflight, seed: 5)
        same(try search.run(), nil)
        for _ in 0..<2 {
            #expect(search.session.machine.status.name == "parked")
            var handshakes = 0
            repeat {
                let retry = try search.session.retry()
                if handshakes == 0 { #expect(retry.pause >= .seconds(290)) }
                handshakes += 1
                same(try search.attempt(retry.id), nil)
            } while search.session.machine.status.name != "parked" && handshakes < 20
            #expect(handshakes > 2, "every one of them was tried")
        }
    }
}
