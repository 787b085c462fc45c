import BridgeCore
import Testing

@Suite("Session machine: gaps (no-silent-loss)")
struct SessionGapTests {
    private static let a = SessionHarness.topics("a")
    private static let b = SessionHarness.topics("b")
    private static let ab = SessionHarness.topics("a", "b")

    private static func unsubscribed(from: Position?) -> StreamGap {
        StreamGap(cause: .unsubscribed, from: from, topics: b, certainty: .possible, resolution: .open)
    }

    private static func resubscribed(from: Position?, to: Position?) -> StreamGap {
        StreamGap(cause: .unsubscribed, from: from, to: to, topics: b, certainty: .possible, resolution: .unrecoverable)
    }

    /// A session of `a` and `b` that is subscribed to `a` alone since position 0 and stands at 1.
    private func pruned() throws -> (session: SessionHarness, live: SocketID) {
        var session = SessionHarness(topics: Self.ab)
        session.preflight = SessionHarness.verdicts(good: Self.a, bad: Self.b)
        let live = try session.opened()
        session.receive(live, p("1"))
        #expect(session.recorded == [Self.unsubscribed(from: p("0"))])
        session.recorded = []
        return (session, live)
    }

    /// The server takes `b` again. Returns the attempt at the successor that brings it.
    private func restore(_ session: inout SessionHarness) throws -> SocketID {
        guard case .validate(let id, Self.b)? = session.pass(.seconds(300)).first else {
            throw SessionHarness.Unexpected(actions: [])
        }
        session.preflight = SessionHarness.verdicts(good: Self.ab)
        return try SessionHarness.attempt(in: session.answer([.validate(id, Self.b)])).id
    }

    @Test("what is pruned misses what comes from then on: recorded before anything else is handed on")
    func prunedFirst() throws {
        var session = SessionHarness(topics: Self.ab)
        session.preflight = SessionHarness.verdicts(good: Self.a, bad: Self.b)
        _ = try session.opened()
        #expect(session.machine.pendingGap == Self.unsubscribed(from: p("0")))
    }

    @Test(
        "what is taken again missed everything up to what was received without it: a crash may commit that and not what the new socket repeats"
    )
    func restored() throws {
        var (session, live) = try self.pruned()
        session.receive(live, p("5"))
        let next = try self.restore(&session)
        session.receive(live, p("6"))
        #expect(session.recorded == [], "it is not back yet")
        let handshake = try session.open(next)
        #expect(handshake.resumeFrom == p("6"))
        session.receive(live, p("7"))
        #expect(session.recorded == [])
        session.receive(next, p("8"))
        #expect(session.recorded == [Self.resubscribed(from: p("0"), to: p("7"))])
    }

    @Test("what was to be taken again and is refused again missed one stretch, which is recorded whole in the end")
    func refusedAgain() throws {
        var (session, live) = try self.pruned()
        session.receive(live, p("5"))
        var next = try self.restore(&session)
        try session.open(next)
        session.end(next, .subscriptionsRejected(reason: "Invalid subscription"))
        #expect(session.machine.registry.active == Self.a)
        session.receive(live, p("9"))
        #expect(session.recorded == [], "the gap that is open covers it")
        next = try self.restore(&session)
        session.receive(live, p("10"))
        same(try session.open(next).topics, Self.ab)
        session.receive(next, p("11"))
        #expect(session.recorded == [Self.resubscribed(from: p("0"), to: p("10"))])
    }

    @Test("what is taken again by the next socket of a session that lost its own is closed there")
    func restoredOffline() throws {
        var (session, live) = try self.pruned()
        session.receive(live, p("5"))
        session.end(live, .lost(reason: "reset"))
        session.preflight = nil
        session.tokenSerial = 2
        let next = try session.reopen()
        #expect(next.topics == Self.ab)
        session.receive(next.id, p("6"))
        #expect(session.recorded == [Self.resubscribed(from: p("0"), to: p("5"))])
    }

    @Test("what was discarded comes again without the pruned ones: their gap begins where the stream resumes")
    func settleMovesBack() throws {
        var session = SessionHarness(topics: Self.ab)
        let first = try session.opened()
        session.receive(first, p("5"))
        session.end(first, .subscriptionsRejected(reason: "400"))
        session.preflight = SessionHarness.verdicts(good: Self.a, bad: Self.b)
        let second = try session.reopen().id
        session.receive(second, p("6"))
        #expect(session.recorded == [Self.unsubscribed(from: p("5"))])
        session.recorded = []
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(second, .lost(reason: "closed"))
        session.settle(p("2"))
        let third = try session.reopen()
        #expect(third.topics == Self.a && third.resumeFrom == p("2"))
        session.receive(third.id, p("3"))
        #expect(session.recorded == [Self.unsubscribed(from: p("2"))], "what was received of b behind 2 is gone, too")
        session.recorded = []
        session.end(third.id, .lost(reason: "reset"))
        session.preflight = nil
        session.tokenSerial = 2
        session.receive(try session.reopen().id, p("4"))
        #expect(session.recorded == [Self.resubscribed(from: p("2"), to: p("3"))])
    }

    @Test("a gap that was closed but not handed on outlives what is discarded")
    func settleKeepsClosed() throws {
        var (session, live) = try self.pruned()
        session.end(live, .lost(reason: "reset"))
        session.preflight = nil
        session.tokenSerial = 2
        let next = try session.reopen().id
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(next, .lost(reason: "closed"))
        session.settle(p("1"))
        let last = try session.reopen()
        #expect(last.topics == Self.ab)
        session.receive(last.id, p("2"))
        #expect(session.recorded == [Self.resubscribed(from: p("0"), to: p("1"))])
    }

    @Test(
        "a gap whose record was discarded on its way is recorded again, and one that is handed on while all is discarded stays"
    )
    func discardedOnItsWay() throws {
        var (session, live) = try self.pruned()
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(live, .lost(reason: "closed"))
        session.settle(p("0"))
        let next = try session.reopen().id
        let gap = try #require(session.machine.pendingGap)
        #expect(gap == Self.unsubscribed(from: p("0")))
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.machine.gapHandedOn(gap)
        session.end(next, .lost(reason: "closed"))
        session.settle(p("0"))
        session.receive(try session.reopen().id, p("1"))
        #expect(session.recorded == [Self.unsubscribed(from: p("0"))], "once")
    }

    @Test(
        "a closing record that was discarded with a failed delivery is written again, up to where the stream stands then"
    )
    func closingDiscarded() throws {
        var (session, live) = try self.pruned()
        session.receive(live, p("5"))
        let next = try self.restore(&session)
        try session.open(next)
        session.receive(next, p("6"))
        let closing = Self.resubscribed(from: p("0"), to: p("5"))
        #expect(session.recorded == [closing])
        session.recorded = []
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(live, .lost(reason: "closed"))
        session.end(next, .lost(reason: "closed"))
        session.settle(
            p("2"),
            lost: [closing, StreamGap(cause: .poison, from: nil, certainty: .certain, resolution: .open)]
        )
        let last = try session.reopen()
        #expect(last.topics == Self.ab && last.resumeFrom == p("2"))
        session.receive(last.id, p("3"))
        #expect(session.recorded == [Self.resubscribed(from: p("0"), to: p("2"))])
        session.receive(last.id, p("4"))
        #expect(session.recorded.count == 1, "once")
    }

    @Test("a closing record of what is no longer wanted is not written again, nor one that was acknowledged")
    func closingUnwanted() throws {
        var (session, live) = try self.pruned()
        let closing = Self.resubscribed(from: p("0"), to: p("5"))
        same(session.machine.topicsChanged(Self.a, now: session.now), [])
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(live, .lost(reason: "closed"))
        session.settle(p("1"), lost: [closing])
        session.receive(try session.reopen().id, p("2"))
        #expect(session.recorded == [])
        var gaps = GapsInFlight()
        gaps.batchAdmitted()
        gaps.gapAdmitted(closing, acknowledged: 0)
        gaps.batchAdmitted()
        #expect(gaps.settled(acknowledged: 2) == [])
        gaps.gapAdmitted(closing, acknowledged: 2)
        gaps.batchAdmitted()
        #expect(gaps.settled(acknowledged: 2) == [closing])
        #expect(gaps.settled(acknowledged: 2) == [], "once")
        gaps.gapAdmitted(closing, acknowledged: 2)
        #expect(gaps.settled(acknowledged: 3) == [], "what was discarded took no place")
    }

    @Test("a start at the present whose record was discarded is recorded again (S2.2)")
    func missingStart() throws {
        var session = SessionHarness(committed: nil)
        let first = try session.opened()
        session.receive(first, p("1"))
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(first, .lost(reason: "closed"))
        session.settle(nil)
        session.recorded = []
        session.receive(try session.reopen().id, p("2"))
        #expect(session.recorded.map(\.cause) == [.missingCheckpoint])
        session.receive(SocketID(2), p("3"))
        #expect(session.recorded.count == 1)
    }

    @Test("a start that was never handed on is one gap, however often a socket is lost before")
    func oneMissingStart() throws {
        var session = SessionHarness(committed: nil)
        var id = try session.opened()
        for _ in 0..<3 {
            session.end(id, .lost(reason: "reset"))
            id = try session.reopen().id
        }
        session.receive(id, p("1"))
        #expect(session.recorded.map(\.cause) == [.missingCheckpoint])
    }

    @Test("a lost position whose record was discarded is lost, and recorded, again (S4.10)")
    func positionLost() throws {
        var session = SessionHarness()
        let first = try session.begin()
        _ = try session.handshake(first)
        session.fail(first, .positionLost(reason: "410"))
        let second = try session.reopen().id
        session.receive(second, p("8"))
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(second, .lost(reason: "closed"))
        session.settle(p("0"))
        session.recorded = []
        let retry = try session.retry()
        same(try session.handshake(retry.id).resumeFrom, p("0"))
        session.fail(retry.id, .positionLost(reason: "410"))
        session.receive(try session.reopen().id, p("9"))
        #expect(session.recorded.map(\.cause) == [.positionLost])
        #expect(session.recorded.map(\.from) == [p("0")])
    }

    @Test("a subscription that is no longer wanted leaves no gap open behind it")
    func unwanted() throws {
        var (session, live) = try self.pruned()
        same(session.machine.topicsChanged(Self.a, now: session.now), [])
        #expect(session.machine.registry.pruned.isEmpty)
        session.end(live, .lost(reason: "reset"))
        session.receive(try session.reopen().id, p("2"))
        #expect(session.recorded == [])
    }
}
