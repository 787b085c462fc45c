import BridgeCore
import Testing

@Suite("Session machine: an open socket")
struct SessionSocketTests {
    private static let watched = SessionPolicy(keepAlive: .init(heartbeatTimeout: .seconds(15)))

    @Test("a lost socket is replaced after a pause and resumes at the newest received position (S4.3, S4.5)")
    func resume() throws {
        var session = SessionHarness()
        let first = try session.opened()
        session.receive(first, p("9"))
        session.receive(first, nil)
        same(session.end(first, .lost(reason: "reset")), [])
        #expect(session.machine.status == .backingOff(reason: "reset"))
        let retry = try session.retry()
        #expect(retry.pause >= .seconds(1) && retry.pause < .seconds(2))
        #expect(retry.id != first)
        same(try session.open(retry.id).resumeFrom, p("9"))
    }

    @Test("a server that accepts and drops is not hammered: backoff starts anew only after a healthy connection (S4.1)")
    func acceptAndDrop() throws {
        var session = SessionHarness()
        var id = try session.opened()
        for d in [1, 2, 4, 8, 16] {
            session.receive(id)
            session.now = session.now.advanced(by: .seconds(29))
            session.end(id, .lost(reason: "x"))
            let retry = try session.retry()
            #expect(retry.pause >= .seconds(d))
            try session.open(retry.id)
            id = retry.id
        }
        session.receive(id)
        session.now = session.now.advanced(by: .seconds(30))
        session.end(id, .lost(reason: "x"))
        same(try session.retry().pause < .seconds(2), true)
    }

    @Test("an up-time without any batch is not healthy (S4.1)")
    func silentIsNotHealthy() throws {
        var session = SessionHarness()
        var id = try session.opened()
        for d in [1, 2, 4] {
            same(session.pass(.seconds(100)), [])
            session.end(id, .lost(reason: "x"))
            let retry = try session.retry()
            #expect(retry.pause >= .seconds(d))
            try session.open(retry.id)
            id = retry.id
        }
        #expect(session.healthyCount == 0)
    }

    @Test("a healthy connection is told of once, whatever notices it first")
    func healthyOnce() throws {
        var session = SessionHarness()
        let id = try session.opened()
        session.receive(id)
        _ = session.pass(.seconds(29))
        #expect(session.healthyCount == 0)
        session.now = session.now.advanced(by: .seconds(1))
        session.receive(id)
        #expect(session.healthyCount == 1)
        _ = session.pass(.seconds(300))
        session.receive(id)
        #expect(session.healthyCount == 1)
    }

    @Test("three missed pongs close with 1001 and the text that the guide gives (S4.6)")
    func missedPongs() throws {
        var session = SessionHarness()
        let id = try session.opened()
        var actions: [SessionAction] = []
        while actions.isEmpty || actions.last == .ping(id), let deadline = session.machine.nextDeadline {
            session.now = deadline
            actions += session.deadlineReached()
        }
        let close = SessionAction.close(id, code: 1001, reason: "Pong timeout exceeded")
        #expect(actions == [.ping(id), .ping(id), .ping(id), .stopReading, close])
        same(session.end(id, .lost(reason: "closed")), [])
        #expect(session.machine.status == .backingOff(reason: "Pong timeout exceeded"))
    }

    @Test("no batch for too long closes the socket although pongs come; an empty one is enough (S4.7)")
    func missedHeartbeat() throws {
        var session = SessionHarness(policy: Self.watched)
        let id = try session.opened()
        for _ in 0..<10 {
            same(session.pass(.seconds(14)), [])
            session.receive(id, nil)
        }
        same(
            session.pass(.seconds(15)),
            [.stopReading, .close(id, code: 1001, reason: "Heartbeat timeout exceeded")]
        )
        #expect(session.machine.status == .closing)
    }

    @Test("a socket held back for longer than maxStall is closed, not before; nothing else is late meanwhile (S3.3)")
    func stall() throws {
        var session = SessionHarness(policy: Self.watched)
        let id = try session.opened()
        session.machine.heldBack(id, now: session.now)
        same(session.pass(.seconds(59)), [])
        session.machine.released(id, now: session.now)
        session.machine.heldBack(id, now: session.now)
        same(session.pass(.seconds(59)), [])
        let actions = session.pass(.seconds(1))
        guard case .close(id, 1000, let reason)? = actions.last, actions.first == .stopReading, actions.count == 2
        else {
            Issue.record("\(actions)")
            return
        }
        #expect(reason.contains("maxStall"))
    }

    @Test("an unreadable message is asked for again once; the second time it is skipped, with a gap (S2.7)")
    func poison() throws {
        var session = SessionHarness()
        let first = try session.opened()
        session.receive(first, p("1"))
        let close = SessionAction.close(first, code: 1007, reason: "not JSON")
        same(self.unreadable(first, &session), .resume([.stopReading, close]))
        same(self.unreadable(first, &session), .ignore, "the socket is being left")
        session.end(first, .lost(reason: "closed"))
        let second = try session.reopen()
        #expect(second.resumeFrom == p("1"))
        let gap = StreamGap(cause: .poison, from: p("1"), certainty: .certain, resolution: .open)
        same(self.unreadable(second.id, &session), .skip(gap))
        #expect(session.machine.status == .open, "reading goes on behind it")
        same(self.unreadable(second.id, &session), .skip(gap), "and behind the next one at the same position")
    }

    @Test("an unreadable message that came whole the second time is forgotten; a heartbeat in between proves nothing")
    func poisonOnce() throws {
        var session = SessionHarness()
        var id = try session.opened()
        for n in 0..<5 {
            guard case .resume = self.unreadable(id, &session) else {
                Issue.record("skipped at \(n)")
                return
            }
            session.end(id, .lost(reason: "closed"))
            id = try session.reopen().id
            session.receive(id, p("q\(n)"))
        }
        _ = self.unreadable(id, &session)
        session.end(id, .lost(reason: "closed"))
        id = try session.reopen().id
        session.receive(id, p("q4"))
        guard case .skip = self.unreadable(id, &session) else {
            Issue.record("not skipped")
            return
        }
    }

    @Test("a socket that is being left hands nothing on: the source sends it again")
    func leftSocket() throws {
        var session = SessionHarness(policy: Self.watched)
        let id = try session.opened()
        _ = session.pass(.seconds(15))
        #expect(session.machine.status == .closing)
        same(session.machine.mayHandOn(id), false)
        same(session.machine.concerns(id), false)
        same(session.receive(id, p("7")), [])
        session.end(id, .lost(reason: "closed"))
        same(try session.reopen().resumeFrom, p("0"))
    }

    @Test("429 that comes while the socket is being left holds the host off all the same (S3.4)")
    func throttledWhileLeaving() throws {
        var session = SessionHarness(policy: Self.watched)
        let id = try session.opened()
        _ = session.pass(.seconds(15))
        same(
            session.end(id, .throttled(retryAfterSeconds: 20, reason: "429")),
            [.holdOffHost(retryAfterSeconds: 20)]
        )
        #expect(session.machine.status.name == "backing-off")
    }

    private func unreadable(_ id: SocketID, _ session: inout SessionHarness) -> UnreadableChoice {
        session.machine.unreadableReceived(id, closeCode: 1007, reason: "not JSON", now: session.now)
    }
}
