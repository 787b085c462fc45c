import BridgeCore
import Testing

@Suite("Session machine: what is in doubt beside a socket that lives (S5.3, S5.4)")
struct SubscriptionDoubtTests {
    private typealias Preflight = SubscriptionSearchTests.Preflight
    private static let old = topics("old", 8)

    private static func topics(_ name: String, _ count: Int) -> [SubscriptionTopic] {
        (0..<count).map { SubscriptionTopic(event: "e", resourceID: "\(name)-\($0)") }
    }

    /// A server that refuses every list that names one of `bad`, and a session with a living socket.
    private struct Scene {
        var session = SessionHarness(topics: old)
        var bad: Set<SubscriptionTopic> = []
        var preflight: Preflight
        var live = SocketID(0)
        var position = 1
        var handshakes = 0
        var beganAt: [Instant] = []
        var random: SeededGenerator

        init(preflight: Preflight, seed: UInt64 = 1, tokenLife: Duration? = nil) throws {
            self.session.tokenLife = tokenLife
            self.preflight = preflight
            self.random = SeededGenerator(seed: seed)
            self.live = try self.session.opened()
            self.session.receive(self.live, p("1"))
        }

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

        /// Does what `actions` ask for as the server lets it, and waits for pauses, until nothing more happens for `quiet`. The living
        /// socket delivers all the while.
        mutating func run(_ actions: [SessionAction], quiet: Duration = .seconds(100)) throws {
            var actions = actions
            for _ in 0..<500 {
                #expect(self.session.machine.mayHandOn(self.live), "the living socket is read")
                self.position += 1
                let followed = self.session.receive(self.live, p("\(self.position)"))
                actions += followed
                if actions.isEmpty { actions = self.session.pass(quiet) }
                if actions.isEmpty { return }
                actions = try self.perform(actions)
            }
            Issue.record("the search does not end")
        }

        private mutating func perform(_ actions: [SessionAction]) throws -> [SessionAction] {
            if case .validate(let id, let asked)? = actions.first {
                return self.session.machine.validated(
                    id,
                    self.verdict(on: asked),
                    now: self.session.now,
                    random: &self.session.random
                )
            }
            let id = try SessionHarness.attempt(in: actions).id
            self.session.preflight = self.verdict(on: self.session.machine.registry.wanted)
            guard self.session.answer(self.session.token(id)) == [.awaitTurn(id)] else { return [] }
            let handshake = try self.session.turn(id)
            self.handshakes += 1
            self.beganAt.append(self.session.now)
            #expect(handshake.topics.contains { !self.bad.contains($0) }, "what is taken is always asked for")
            if handshake.topics.contains(where: self.bad.contains) {
                if Bool.random(using: &self.random) {
                    return self.session.fail(id, .subscriptionsRejected(reason: "Invalid subscription"))
                }
                same(self.session.machine.connected(id, now: self.session.now), [])
                return self.session.end(id, .subscriptionsRejected(reason: "Invalid subscription"))
            }
            same(self.session.machine.connected(id, now: self.session.now), [])
            self.position += 1
            let taken = self.session.receive(id, p("\(self.position)"))
            #expect(taken.first == .close(self.live, code: 1000, reason: "rolled over"))
            self.session.end(self.live, .lost(reason: "closed"))
            self.live = id
            return Array(taken.dropFirst())
        }

        /// Exactly `bad` is left out, and the living socket brings everything else.
        func check(_ comment: Comment? = nil) {
            let registry = self.session.machine.registry
            #expect(Set(registry.pruned.keys) == self.bad, comment)
            #expect(registry.active == registry.wanted.filter { !self.bad.contains($0) }, comment)
            #expect(self.session.machine.subscribed == registry.active, comment)
        }
    }

    @Test(
        "one bad subscription of a changed list keeps no other one out: it is found while the socket lives (S5.4)",
        arguments: SubscriptionSearchTests.Preflight.allCases
    )
    func changedList(preflight: SubscriptionSearchTests.Preflight) throws {
        for seed in UInt64(1)...40 {
            var random = SeededGenerator(seed: seed)
            let new = Self.topics("new", Int.random(in: 1...20, using: &random))
            let badCount = Int.random(in: 0...min(4, new.count), using: &random)
            var scene = try Scene(preflight: preflight, seed: seed)
            scene.bad = Set(new.shuffled(using: &random).prefix(badCount))
            try scene.run(scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now))
            scene.check("seed \(seed)")
            let levels = Int.bitWidth - (new.count - 1).leadingZeroBitCount
            #expect(scene.handshakes <= (preflight == .right ? 1 : 3 + 2 * badCount * levels), "seed \(seed)")
            // Each new one missed one stretch, which is closed where it is brought.
            let closed = scene.session.recorded.filter { $0.resolution == .unrecoverable }.flatMap { $0.topics ?? [] }
            #expect(Set(closed).isDisjoint(with: scene.bad) && Set(closed).count == closed.count, "seed \(seed)")
        }
    }

    @Test(
        "refusals beside a living socket keep to the reconnect rate: each is followed by a pause that grows (S5.4, S4.1)"
    )
    func rate() throws {
        var scene = try Scene(preflight: .missing)
        let new = Self.topics("new", 2)
        scene.bad = Set(new)
        try scene.run(scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now))
        scene.check()
        let pauses = zip(scene.beganAt, scene.beganAt.dropFirst()).map { $0.duration(to: $1) }
        #expect(pauses.count == 3)
        for (pause, d) in zip(pauses, [1, 2, 4]) { #expect(pause >= .seconds(d)) }
    }

    @Test("a list that was refused once, by a server in trouble, is tried as it is before one of it is judged (S5.4)")
    func transient() throws {
        var scene = try Scene(preflight: .missing)
        let new = Self.topics("new", 1)
        let attempt = try SessionHarness.attempt(
            in: scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now)
        )
        scene.session.preflight = .missing
        same(try scene.session.open(attempt.id).topics, Self.old + new)
        scene.session.end(attempt.id, .subscriptionsRejected(reason: "400"))
        #expect(Set(scene.session.machine.registry.pruned.keys) == Set(new), "left out until then")
        try scene.run([])
        scene.check()
    }

    @Test(
        "what handshakes refused is tried again every interval where the pre-flight never answers, beside the socket (S5.3)",
        arguments: [SubscriptionSearchTests.Preflight.missing, .unavailable, .lying]
    )
    func revalidation(preflight: SubscriptionSearchTests.Preflight) throws {
        var scene = try Scene(preflight: preflight)
        let new = Self.topics("new", 6)
        scene.bad = [new[1], new[4]]
        try scene.run(scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now))
        scene.check()
        for _ in 0..<3 {
            let before = scene.handshakes
            try scene.run(scene.session.pass(.seconds(300)))
            #expect(scene.handshakes > before, "they are tried again")
            scene.check()
        }
        scene.bad = [new[4]]
        try scene.run(scene.session.pass(.seconds(300)))
        scene.check("one of them is back")
        scene.bad = []
        try scene.run(scene.session.pass(.seconds(300)))
        scene.check("both are")
        same(scene.session.pass(.seconds(10_000)), [], "nothing is left to be asked about")
    }

    @Test("what a pre-flight refused is tried by handshakes once pre-flights do not answer for longer (S5.3)")
    func pruneByVerdict() throws {
        var scene = try Scene(preflight: .right)
        let new = Self.topics("new", 2)
        scene.bad = [new[1]]
        try scene.run(scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now))
        scene.check()
        scene.preflight = .unavailable
        scene.bad = []
        guard case .validate(let id, let asked)? = scene.session.pass(.seconds(300)).first else {
            throw SessionHarness.Unexpected(actions: [])
        }
        scene.session.preflight = .unavailable(reason: "503")
        same(scene.session.answer([.validate(id, asked)]), [], "once is an accident")
        try scene.run(scene.session.pass(.seconds(300)))
        scene.check()
    }

    @Test(
        "a socket that is lost meanwhile is followed by one that asks for what was taken; then the search goes on (S4.3)"
    )
    func lostMeanwhile() throws {
        for step in 0..<3 {
            var scene = try Scene(preflight: .missing)
            let new = Self.topics("new", 4)
            scene.bad = [new[2]]
            var actions = scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now)
            scene.session.preflight = .missing
            for _ in 0..<step {
                let id = try SessionHarness.attempt(in: actions).id
                _ = try scene.session.handshake(id)
                scene.session.fail(id, .subscriptionsRejected(reason: "400"))
                actions = scene.session.pass(.seconds(100))
            }
            let successor = try SessionHarness.attempt(in: actions).id
            scene.session.end(scene.live, .lost(reason: "reset"))
            // The attempt that was under way follows, and asks for what is in doubt, too.
            #expect(try !Set(scene.session.handshake(successor).topics).isDisjoint(with: new))
            scene.session.fail(
                successor,
                step == 0 ? .subscriptionsRejected(reason: "400") : .unavailable(reason: "503")
            )
            let next = try scene.session.reopen()
            #expect(Set(next.topics).isDisjoint(with: new), "step \(step): what was taken is asked for")
            scene.live = next.id
            scene.position += 1
            try scene.run(scene.session.receive(next.id, p("\(scene.position)")))
            scene.check("step \(step)")
        }
    }

    @Test("a search does not keep a socket from rolling over before its token expires (S4.8)")
    func rollover() throws {
        var scene = try Scene(preflight: .missing, tokenLife: .seconds(1000))
        let new = Self.topics("new", 1)
        scene.bad = Set(new)
        same(scene.session.pass(.seconds(930)), [])
        var actions = scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now)
        scene.session.preflight = .missing
        _ = try scene.session.handshake(try SessionHarness.attempt(in: actions).id)
        scene.session.fail(try SessionHarness.attempt(in: actions).id, .subscriptionsRejected(reason: "400"))
        // The list is tried once more, and the server does not answer until the rollover is due.
        actions = scene.session.pass(.seconds(5))
        let second = try SessionHarness.attempt(in: actions).id
        #expect(try scene.session.handshake(second).topics == Self.old + new)
        same(scene.session.pass(.seconds(8)), [])
        scene.session.fail(second, .unavailable(reason: "timed out"))
        let next = try SessionHarness.attempt(in: scene.session.pass(.seconds(10)))
        #expect(next.newerThan == 1)
        scene.session.tokenSerial = 2
        #expect(try scene.session.open(next.id).topics == Self.old, "what is taken takes over")
        let taken = scene.session.receive(next.id, p("2"))
        #expect(taken.first == .close(scene.live, code: 1000, reason: "rolled over"))
        #expect(try SessionHarness.attempt(in: taken).newerThan == nil, "then the search goes on")
    }

    @Test("a subscription that is refused together with what was taken is told apart from it (S5.4)")
    func bothBad() throws {
        for preflight in [SubscriptionSearchTests.Preflight.missing, .lying, .unavailable] {
            var scene = try Scene(preflight: preflight)
            let new = Self.topics("new", 3)
            scene.bad = [new[0]]
            var actions = scene.session.machine.topicsChanged(Self.old + new, now: scene.session.now)
            let id = try SessionHarness.attempt(in: actions).id
            scene.session.preflight = scene.verdict(on: Self.old + new)
            _ = try scene.session.handshake(id)
            scene.session.fail(id, .subscriptionsRejected(reason: "400"))
            // Now one that was taken is deleted, and the server says so on the living socket.
            scene.bad.insert(Self.old[3])
            scene.session.end(scene.live, .subscriptionsRejected(reason: "400"))
            actions = []
            var socket: SocketID?
            for _ in 0..<100 where socket == nil {
                let retry = try scene.session.retry()
                scene.session.preflight = scene.verdict(on: Self.old + new)
                let handshake = try scene.session.open(retry.id)
                if handshake.topics.contains(where: scene.bad.contains) {
                    scene.session.end(retry.id, .subscriptionsRejected(reason: "400"))
                } else if scene.session.machine.mayHandOn(retry.id) {
                    socket = retry.id
                } else {
                    scene.session.receive(retry.id, p("never"))
                    scene.session.end(retry.id, .lost(reason: "closed"))
                }
            }
            scene.live = try #require(socket, "\(preflight): the search ends")
            scene.position += 1
            try scene.run(scene.session.receive(scene.live, p("\(scene.position)")))
            scene.check("\(preflight)")
        }
    }
}
