import Testing

@testable import BridgeCore

/// What a deleted resource may have left behind what was received of it.
@Suite("A session whose resources are deleted")
struct SessionDroppedTests {
    private static let ab = SessionHarness.topics("a", "b")
    private static let b = SessionHarness.topics("b")

    private static func dropped(from position: Position?) -> StreamGap {
        var gap = StreamGap(
            cause: .unsubscribed,
            from: position,
            topics: SessionHarness.topics("a"),
            certainty: .possible,
            resolution: .unrecoverable
        )
        gap.isOfDropped = true
        return gap
    }

    /// The socket of `a` and `b` received up to "2" when the one without `a` took over.
    private func dropped() throws -> (session: SessionHarness, live: SocketID) {
        var session = SessionHarness(topics: Self.ab)
        let live = try session.opened()
        session.receive(live, p("1"))
        let successor = try SessionHarness.attempt(in: session.machine.topicsChanged(Self.b, now: session.now))
        _ = try session.open(successor.id)
        session.receive(live, p("2"))
        #expect(session.recorded.isEmpty, "its socket is still read")
        session.receive(successor.id, p("3"))
        session.end(live, .lost(reason: "closed"))
        return (session, successor.id)
    }

    @Test(
        "its last events may be missing behind what its socket received: one gap, which no socket will end (S5.5, no-silent-loss)"
    )
    func recorded() throws {
        var (session, live) = try self.dropped()
        #expect(session.recorded == [Self.dropped(from: p("2"))])
        session.end(live, .lost(reason: "reset"))
        session.receive(try session.reopen().id, p("4"))
        #expect(session.recorded.count == 1, "once")
    }

    @Test("the same when the socket is lost before the list changes for the next one")
    func lostMeanwhile() throws {
        var session = SessionHarness(topics: Self.ab)
        let live = try session.opened()
        session.receive(live, p("1"))
        session.end(live, .lost(reason: "reset"))
        same(session.machine.topicsChanged(Self.b, now: session.now), [])
        session.receive(try session.reopen().id, p("2"))
        #expect(session.recorded == [Self.dropped(from: p("1"))])
    }

    @Test("one that is wanted again before another socket is read has missed nothing")
    func wantedAgain() throws {
        var session = SessionHarness(topics: Self.ab)
        let live = try session.opened()
        session.receive(live, p("1"))
        session.end(live, .lost(reason: "reset"))
        same(session.machine.topicsChanged(Self.b, now: session.now), [])
        same(session.machine.topicsChanged(Self.ab, now: session.now), [])
        session.receive(try session.reopen().id, p("2"))
        #expect(session.recorded.isEmpty)
    }

    @Test("what was discarded of it does not come again: the gap then begins where the stream resumes")
    func discarded() throws {
        var (session, live) = try self.dropped()
        _ = session.machine.deliveryFailed(reason: "fatal")
        session.end(live, .lost(reason: "closed"))
        session.settle(p("0"), lost: [Self.dropped(from: p("2"))])
        session.receive(try session.reopen().id, p("1"))
        #expect(session.recorded == [Self.dropped(from: p("2")), Self.dropped(from: p("0"))])
    }
}
