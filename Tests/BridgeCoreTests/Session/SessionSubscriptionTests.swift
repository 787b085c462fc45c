import BridgeCore
import Testing

@Suite("Session machine: subscriptions (S5.1–S5.6)")
struct SessionSubscriptionTests {
    private static let a = SessionHarness.topics("a")
    private static let b = SessionHarness.topics("b")
    private static let ab = SessionHarness.topics("a", "b")

    /// A session of `a` and `b` whose socket has `a` alone.
    private func pruned() throws -> (session: SessionHarness, live: SocketID) {
        var session = SessionHarness(topics: Self.ab)
        session.preflight = SessionHarness.verdicts(good: Self.a, bad: Self.b)
        let live = try session.opened()
        session.receive(live, p("1"))
        return (session, live)
    }

    @Test("what the pre-flight calls invalid is left out, with reason and time; the rest is connected (S5.3)")
    func prunes() throws {
        var session = SessionHarness(topics: Self.ab)
        session.now = session.now.advanced(by: .seconds(5))
        session.preflight = SessionHarness.verdicts(good: Self.a, bad: Self.b)
        let id = try session.begin()
        same(try session.open(id).topics, Self.a)
        #expect(session.machine.registry.wanted == Self.ab)
        #expect(session.machine.registry.active == Self.a)
        let pruned = try #require(session.machine.registry.pruned[Self.b[0]])
        #expect(pruned.reason == "not found")
        #expect(pruned.since == session.now)
        #expect(pruned.position == p("0"))
    }

    @Test("a reconnect asks for what was valid last, without asking again (S4.3)")
    func reconnectsWithTheValidated() throws {
        var (session, live) = try self.pruned()
        session.end(live, .lost(reason: "reset"))
        let asked = session.asked.count
        let again = try session.reopen()
        #expect(again.topics == Self.a)
        #expect(again.resumeFrom == p("1"))
        #expect(session.asked.count == asked)
    }

    @Test("a pre-flight that speaks of strangers or keeps silent about some prunes nothing of ours (S5.2)")
    func oddVerdicts() throws {
        var session = SessionHarness(topics: Self.ab)
        session.preflight = SessionHarness.verdicts(good: [], bad: SessionHarness.topics("stranger"))
        let id = try session.begin()
        same(try session.open(id).topics, Self.ab)
        #expect(session.machine.registry.pruned.isEmpty)
    }

    @Test(
        "what was pruned is asked about every interval beside the living socket; one that is back joins by a successor (S5.3)"
    )
    func revalidates() throws {
        var (session, live) = try self.pruned()
        let expected = { (session: SessionHarness) in
            guard case .validate(let id, Self.b)? = session.lastDue.first else { return SocketID?.none }
            return id
        }
        for round in 1...3 {
            session.lastDue = session.pass(.seconds(300))
            let id = try #require(expected(session), "round \(round)")
            #expect(session.machine.mayHandOn(live))
            same(session.answer([.validate(id, Self.b)]), [])
            #expect(session.machine.registry.active == Self.a)
        }
        session.preflight = nil
        session.lastDue = session.pass(.seconds(300))
        let id = try #require(expected(session))
        let attempt = try SessionHarness.attempt(in: session.answer([.validate(id, Self.b)]))
        #expect(attempt.newerThan == nil, "the token is as good as it was")
        session.receive(live, p("2"))
        let handshake = try session.open(attempt.id)
        #expect(handshake.topics == Self.ab)
        same(session.receive(attempt.id, p("3")), [.close(live, code: 1000, reason: "rolled over")])
        same(session.pass(.seconds(10_000)), [], "nothing is left to be asked about")
    }

    @Test("a revalidation that could not be had is tried at the next interval; one that comes too late is ignored")
    func revalidationTrouble() throws {
        var (session, live) = try self.pruned()
        for outcome in [PreflightOutcome.unavailable(reason: "503"), .unauthorized(reason: "401")] {
            guard case .validate(let id, _)? = session.pass(.seconds(300)).first else {
                throw SessionHarness.Unexpected(actions: [])
            }
            session.preflight = outcome
            same(session.answer([.validate(id, Self.b)]), [])
            #expect(session.machine.mayHandOn(live))
        }
        guard case .validate(let id, _)? = session.pass(.seconds(300)).first else {
            throw SessionHarness.Unexpected(actions: [])
        }
        session.end(live, .lost(reason: "reset"))
        session.preflight = nil
        same(session.answer([.validate(id, Self.b)]), [])
        #expect(session.machine.status == .backingOff(reason: "reset"))
        #expect(session.machine.registry.active == Self.a)
    }

    @Test("all invalid: parked with a reason, and asked again at the interval, not more often (S5.6)")
    func allInvalid() throws {
        var session = SessionHarness(topics: Self.ab)
        session.preflight = SessionHarness.verdicts(bad: Self.ab)
        var id = try session.begin()
        for _ in 0..<4 {
            same(session.answer(session.token(id)), [])
            guard case .parked(let reason) = session.machine.status else {
                throw SessionHarness.Unexpected(actions: [])
            }
            #expect(reason.contains("routing.queueEvents:a") && reason.contains("not found"))
            let retry = try session.retry()
            #expect(retry.pause >= .seconds(299), "the server is not asked over and over")
            id = retry.id
        }
        session.preflight = SessionHarness.verdicts(good: Self.b, bad: Self.a)
        same(try session.open(id).topics, Self.b)
        same(session.receive(id, p("1")), [])
        guard case .validate(_, Self.a)? = session.pass(.seconds(301)).first else {
            Issue.record("what is still invalid is asked about")
            return
        }
    }

    @Test("what waits to be asked about does not keep a probe busy (no-dead-wait)")
    func probeAndRevalidation() throws {
        var session = SessionHarness(topics: SessionHarness.topics("a", "b", "c"))
        session.preflight = SessionHarness.verdicts(good: SessionHarness.topics("a", "c"), bad: Self.b)
        let live = try session.opened()
        session.receive(live, p("1"))
        session.end(live, .subscriptionsRejected(reason: "400"))
        session.preflight = .missing
        session.now = session.now.advanced(by: .seconds(400))
        var retry = try session.retry()
        let ac = SessionHarness.topics("a", "c")
        for topics in [ac, SessionHarness.topics("a"), SessionHarness.topics("c")] {
            same(try session.open(retry.id).topics, topics, "a probe")
            if topics == ac {
                session.end(retry.id, .subscriptionsRejected(reason: "400"))
                retry = try session.retry()
                continue
            }
            #expect(session.machine.openSocketCount == 1 && !session.machine.mayHandOn(retry.id))
            same(session.pass(.seconds(14)), [])
            same(session.pass(.seconds(1)), [.stopReading, .close(retry.id, code: 1000, reason: "")], "it was taken")
            session.end(retry.id, .lost(reason: "closed"))
            retry = try session.retry()
        }
    }

    @Test("a resource that was deleted is dropped by a successor, a new one subscribed by it (S5.5)")
    func topicsChanged() throws {
        var session = SessionHarness(topics: Self.ab)
        let live = try session.opened()
        session.receive(live, p("1"))
        let bc = SessionHarness.topics("b", "c")
        let attempt = try SessionHarness.attempt(in: session.machine.topicsChanged(bc, now: session.now))
        #expect(attempt.newerThan == nil)
        #expect(session.machine.mayHandOn(live), "the living socket goes on meanwhile")
        let handshake = try session.open(attempt.id)
        #expect(handshake.topics == bc)
        #expect(session.asked.last == bc, "new ones are asked about first")
        #expect(handshake.resumeFrom == p("1"))
        same(session.receive(attempt.id, p("2")), [.close(live, code: 1000, reason: "rolled over")])
        same(session.machine.topicsChanged(bc, now: session.now), [], "the same list changes nothing")
        same(session.pass(.seconds(10_000)), [])
    }

    @Test("a successor for changed subscriptions that fails is tried again with the token there is")
    func changedAndFailed() throws {
        var session = SessionHarness(topics: Self.a)
        let live = try session.opened()
        session.receive(live, p("1"))
        var attempt = try SessionHarness.attempt(in: session.machine.topicsChanged(Self.ab, now: session.now))
        for _ in 0..<3 {
            _ = try session.handshake(attempt.id)
            session.fail(attempt.id, .unavailable(reason: "503"))
            attempt = try SessionHarness.attempt(in: session.pass(.seconds(100)))
            #expect(attempt.newerThan == nil, "a newer one may be an hour away")
        }
    }

    @Test("without a position a changed list waits for the first one")
    func changedWithoutPosition() throws {
        var session = SessionHarness(topics: Self.a, committed: nil)
        let live = try session.opened()
        same(session.machine.topicsChanged(Self.ab, now: session.now), [])
        same(session.pass(.seconds(100)), [])
        _ = try SessionHarness.attempt(in: session.receive(live, p("1")))
    }

    @Test(
        "a list that changes during an attempt is followed as soon as the socket delivers, not at the next deadline (S5.5)"
    )
    func changedDuringAttempt() throws {
        var session = SessionHarness(topics: Self.a)
        let id = try session.begin()
        _ = try session.handshake(id)
        same(session.machine.topicsChanged(Self.ab, now: session.now), [])
        same(session.machine.connected(id, now: session.now), [])
        let next = try SessionHarness.attempt(in: session.receive(id))
        _ = try session.handshake(next.id)
        let abc = SessionHarness.topics("a", "b", "c")
        same(
            session.machine.topicsChanged(abc, now: session.now),
            [],
            "and so is one that changes during a successor's"
        )
        same(session.machine.connected(next.id, now: session.now), [])
        let actions = session.receive(next.id, p("2"))
        #expect(actions.first == .close(id, code: 1000, reason: "rolled over"))
        let last = try SessionHarness.attempt(in: actions)
        same(try session.open(last.id).topics, abc)
        same(session.receive(last.id, p("3")), [.close(next.id, code: 1000, reason: "rolled over")])
    }

    @Test("nothing wanted: every socket is left and the session parked; wanting something again wakes it")
    func nothingWanted() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        let actions = session.machine.topicsChanged([], now: session.now)
        #expect(actions.contains { if case .close(live, _, _) = $0 { true } else { false } })
        #expect(actions.contains { if case .close(next, _, _) = $0 { true } else { false } })
        session.end(live, .lost(reason: "closed"))
        session.end(next, .lost(reason: "closed"))
        let retry = try session.retry()
        same(session.answer(session.token(retry.id)), [])
        #expect(session.machine.status == .parked(reason: "there is nothing to subscribe to"))
        #expect(session.machine.nextDeadline != nil)
        let attempt = try SessionHarness.attempt(in: session.machine.topicsChanged(Self.b, now: session.now))
        same(try session.open(attempt.id).topics, Self.b)
    }

    @Test("a list that changes while a person must decide wakes nothing")
    func changedWhileParked() throws {
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil), onMissingCheckpoint: .fail)
        var session = SessionHarness(policy: policy, committed: nil)
        _ = session.machine.start()
        same(session.machine.topicsChanged(Self.b, now: session.now), [])
        #expect(session.machine.status.name == "parked")
    }

    @Test("a rollover whose pre-flight refuses everything leaves the living socket alone")
    func allInvalidBesideLiving() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        session.preflight = SessionHarness.verdicts(bad: Self.a)
        same(session.answer(session.token(next)), [])
        #expect(session.machine.status == .open)
        #expect(session.machine.mayHandOn(live))
        #expect(!session.machine.isRollingOver)
    }
}
