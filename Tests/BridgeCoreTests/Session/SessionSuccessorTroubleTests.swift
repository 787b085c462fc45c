import BridgeCore
import Testing

@Suite("Session machine: a successor's trouble is nobody's but its own (S4.8)")
struct SessionSuccessorTroubleTests {
    private static let failures: [ConnectFailure] = [
        .unauthorized(reason: "401"), .forbidden(reason: "403"), .throttled(retryAfterSeconds: 9, reason: "429"),
        .subscriptionsRejected(reason: "400"), .positionLost(reason: "410"), .unavailable(reason: "503"),
    ]
    private static let endings: [ConnectionEnd] = [
        .tokenExpired, .throttled(retryAfterSeconds: 9, reason: "429"), .subscriptionsRejected(reason: "400"),
        .positionLost(reason: "410"), .lost(reason: "reset"),
    ]

    /// The living socket is read as before, and a successor is tried again after a pause.
    private func expectUnharmed(_ session: inout SessionHarness, live: SocketID) throws {
        #expect(session.machine.status == .open)
        #expect(session.machine.mayHandOn(live))
        same(session.receive(live, p("2")), [])
        #expect(session.machine.resumePosition == p("2"))
        #expect(session.machine.registry.pruned.isEmpty, "what the living socket has is taken")
        let since = session.now
        let next = try SessionHarness.attempt(in: session.pass(.seconds(120)))
        #expect(since.duration(to: session.now) >= .seconds(1))
        session.tokenSerial += 1
        session.preflight = nil
        let handshake = try session.open(next.id)
        #expect(handshake.resumeFrom == p("2"))
        same(session.receive(next.id, p("3")), [.close(live, code: 1000, reason: "rolled over")])
    }

    @Test("each failure of its handshake leaves the living socket alone", arguments: failures)
    func handshakeFails(failure: ConnectFailure) throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        _ = try session.handshake(next)
        let actions = session.fail(next, failure)
        switch failure {
        case .unauthorized, .forbidden: #expect(actions == [.markTokenBad(serial: 2)])
        case .throttled: #expect(actions == [.holdOffHost(retryAfterSeconds: 9)])
        case .subscriptionsRejected, .positionLost, .unavailable: #expect(actions == [])
        }
        try self.expectUnharmed(&session, live: live)
    }

    @Test("each end before it has delivered leaves the living socket alone", arguments: endings)
    func ends(end: ConnectionEnd) throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        let actions = session.end(next, end)
        switch end {
        case .tokenExpired: #expect(actions == [.markTokenBad(serial: 2)])
        case .throttled: #expect(actions == [.holdOffHost(retryAfterSeconds: 9)])
        case .subscriptionsRejected, .positionLost, .lost: #expect(actions == [])
        }
        try self.expectUnharmed(&session, live: live)
    }

    @Test("a pre-flight that refuses its token leaves the living socket alone")
    func preflightUnauthorized() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        session.preflight = .unauthorized(reason: "401")
        same(session.answer(session.token(next)), [.markTokenBad(serial: 2)])
        try self.expectUnharmed(&session, live: live)
    }

    @Test("a silent one is closed: it must not be the one that is left when the living socket ends")
    func silent() throws {
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: .seconds(15)))
        var session = SessionHarness(policy: policy)
        session.tokenLife = .seconds(100)
        let live = try session.opened()
        session.receive(live, p("1"))
        var began: [SessionAction] = []
        while began.isEmpty {
            began = session.pass(.seconds(10))
            session.receive(live)
        }
        let next = try SessionHarness.attempt(in: began).id
        session.tokenSerial = 2
        try session.open(next)
        same(session.pass(.seconds(10)), [])
        session.receive(live)
        same(session.pass(.seconds(5)), [.close(next, code: 1001, reason: "silent")])
        same(session.end(next, .lost(reason: "closed")), [])
        try self.expectUnharmed(&session, live: live)
    }

    @Test("one that is held back for longer than maxStall is closed, and time goes on (S3.3, no-dead-wait)")
    func heldBack() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        session.machine.heldBack(next, now: session.now)
        var closed: [SessionAction] = []
        for _ in 0..<100 where closed.isEmpty {
            // The living socket is held back, a little at a time.
            session.machine.heldBack(live, now: session.now)
            closed = session.pass(.seconds(10))
            session.machine.released(live, now: session.now)
        }
        guard case .close(next, 1000, _)? = closed.last, closed.count == 1 else {
            Issue.record("\(closed)")
            return
        }
        session.end(next, .lost(reason: "closed"))
        #expect(session.machine.mayHandOn(live))
    }

    @Test("403 again and again asks for one new token, not for one each time (S1.7)")
    func forbiddenAgain() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        var bad = 0
        for _ in 0..<4 {
            _ = try session.handshake(next)
            bad += session.fail(next, .forbidden(reason: "403")).count
            next = try SessionHarness.attempt(in: session.pass(.seconds(2000))).id
            session.tokenSerial += 1
        }
        #expect(bad == 1)
        #expect(session.machine.mayHandOn(live))
    }

    @Test("its pauses grow, and are not the session's own (S4.1)")
    func pauses() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        for d in [1, 2, 4, 8] {
            _ = try session.handshake(next)
            session.fail(next, .unavailable(reason: "503"))
            let since = session.now
            let attempt = try SessionHarness.attempt(in: session.pass(.seconds(100)))
            #expect(since.duration(to: session.now) >= .seconds(d))
            #expect(attempt.newerThan == 1)
            next = attempt.id
        }
        _ = session.token(next)
        session.end(live, .lost(reason: "reset"))
        _ = session.answer([.validate(next, [])])
        _ = try session.turn(next)
        session.fail(next, .unavailable(reason: "503"))
        same(try session.retry().pause < .seconds(2), true)
    }

    @Test("what comes late for an attempt that was given up is harmless, whatever it is")
    func stale() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        _ = try session.handshake(next)
        session.fail(next, .unavailable(reason: "timed out"))
        for _ in 0..<2 {
            let valid = SessionHarness.verdicts(good: SessionHarness.topics("a"))
            same(session.token(next), [])
            same(session.machine.validated(next, valid, now: session.now, random: &session.random), [])
            same(session.machine.turnGranted(next), [])
            same(session.fail(next, .unavailable(reason: "again")), [])
            same(
                session.fail(next, .throttled(retryAfterSeconds: 3, reason: "429")),
                [.holdOffHost(retryAfterSeconds: 3)]
            )
            same(session.machine.connected(next, now: session.now), [.close(next, code: 1000, reason: "")])
            same(session.receive(next, p("99")), [])
            session.machine.heldBack(next, now: session.now)
            session.machine.released(next, now: session.now)
            same(session.end(next, .lost(reason: "closed")), [])
            #expect(session.machine.mayHandOn(live))
            #expect(session.machine.resumePosition == p("1"))
            #expect(session.machine.openSocketCount == 1)
        }
        same(
            session.end(next, .throttled(retryAfterSeconds: 3, reason: "429")),
            [.holdOffHost(retryAfterSeconds: 3)],
            "what it says of the host holds for everybody (S3.4)"
        )
    }
}
