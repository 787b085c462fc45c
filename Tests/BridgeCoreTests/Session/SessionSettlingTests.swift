import BridgeCore
import Testing

@Suite("Session machine: settling, parking, stopping")
struct SessionSettlingTests {
    @Test("a failed delivery discards, settles, and resumes from the committed position, not the received one (S4.3)")
    func deliveryFailed() throws {
        var session = SessionHarness()
        let id = try session.opened()
        session.receive(id, p("9"))
        same(
            session.machine.deliveryFailed(reason: "fatal"),
            [.stopReading, .discardAndSettle, .close(id, code: 1000, reason: "")]
        )
        same(session.machine.deliveryFailed(reason: "again"), [], "one reset at a time")
        // What is still in the reader's hands while everything is discarded must not become the resume point.
        _ = session.machine.messageHandedOn(id, position: p("10"), now: session.now)
        same(session.settle(p("4")), [])
        #expect(session.machine.status == .settling, "the socket's end is still owed")
        _ = session.machine.messageHandedOn(id, position: p("11"), now: session.now)
        same(session.end(id, .lost(reason: "closed")), [])
        #expect(session.machine.status == .backingOff(reason: "fatal"))
        same(try session.reopen().resumeFrom, p("4"))
    }

    @Test("pauses grow while delivery fails at one position, and begin anew behind another (no-silent-loss)")
    func deliveryFailedAgain() throws {
        let refusal = Backoff.Policy(base: .seconds(1), cap: .seconds(64), jitter: .above)
        var session = SessionHarness(policy: .init(keepAlive: .init(heartbeatTimeout: nil), refusal: refusal))
        var id = try session.opened()
        var pauses: [Int] = []
        for committed in ["4", "4", "4", "5", "5"] {
            session.receive(id, p("9"))
            _ = session.machine.deliveryFailed(reason: "refused")
            session.settle(p(committed))
            session.end(id, .lost(reason: "closed"))
            let retry = try session.retry()
            try session.open(retry.id)
            id = retry.id
            pauses.append(Int(retry.pause.components.seconds))
        }
        // Each is drawn from [d, 2d).
        let steps = [1, 2, 4, 1, 2]
        #expect(zip(pauses, steps).allSatisfy { $0 >= $1 && $0 < 2 * $1 }, "\(pauses)")
    }

    @Test("the socket's end before the report that all is settled is as good as the other way round")
    func endedFirst() throws {
        var session = SessionHarness()
        let id = try session.opened()
        session.receive(id, p("9"))
        _ = session.machine.deliveryFailed(reason: "fatal")
        same(session.end(id, .lost(reason: "closed")), [])
        #expect(session.machine.status == .settling)
        same(session.settle(nil), [])
        same(try session.reopen().resumeFrom, nil)
    }

    @Test("a delivery that fails while nothing is connected settles all the same")
    func deliveryFailedOffline() throws {
        var session = SessionHarness()
        let id = try session.opened()
        session.receive(id, p("9"))
        session.end(id, .lost(reason: "reset"))
        same(session.machine.deliveryFailed(reason: "fatal"), [.stopReading, .discardAndSettle])
        session.settle(p("3"))
        same(try session.reopen().resumeFrom, p("3"))
    }

    @Test("a delivery that fails during an attempt gives the attempt up; its late socket is closed")
    func deliveryFailedAttempting() throws {
        var session = SessionHarness()
        let first = try session.opened()
        session.receive(first, p("9"))
        session.end(first, .lost(reason: "reset"))
        let retry = try session.retry()
        _ = try session.handshake(retry.id)
        same(session.machine.deliveryFailed(reason: "fatal"), [.stopReading, .discardAndSettle])
        same(session.machine.connected(retry.id, now: session.now), [.close(retry.id, code: 1000, reason: "")])
        same(session.settle(p("3")), [])
        #expect(session.machine.status == .settling, "the late socket's end is owed")
        session.end(retry.id, .lost(reason: "closed"))
        same(try session.reopen().resumeFrom, p("3"))
    }

    @Test("a delivery that fails while the session waits for valid subscriptions is read again once there are any")
    func deliveryFailedParked() throws {
        var session = SessionHarness()
        let first = try session.opened()
        session.receive(first, p("9"))
        session.end(first, .subscriptionsRejected(reason: "Invalid subscription"))
        session.preflight = SessionHarness.verdicts(bad: SessionHarness.topics("a"))
        let retry = try session.retry()
        same(session.answer(session.token(retry.id)), [])
        #expect(session.machine.status.name == "parked")
        same(session.machine.deliveryFailed(reason: "fatal").contains(.discardAndSettle), true)
        session.settle(p("3"))
        session.preflight = nil
        for _ in 0..<5 where session.machine.status != .open {
            let retry = try session.retry()
            if session.answer(session.token(retry.id)) == [.awaitTurn(retry.id)] {
                same(try session.turn(retry.id).resumeFrom, p("3"), "what was discarded must come again")
                same(session.machine.connected(retry.id, now: session.now), [])
            }
        }
        #expect(session.machine.status == .open)
    }

    @Test("stop: read no more, drain, close the socket, finish (bounded-stop)")
    func stop() throws {
        var session = SessionHarness()
        let id = try session.opened()
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        #expect(session.machine.status == .draining)
        same(session.machine.stop(), [])
        same(session.machine.mayHandOn(id), false)
        same(session.machine.deliveryFailed(reason: "late"), [])
        same(session.settle(nil), [.close(id, code: 1000, reason: "")])
        same(session.end(id, .lost(reason: "closed")), [.finish])
        #expect(session.machine.status == .finished)
        same(session.machine.stop(), [])
        same(session.settle(nil), [])
    }

    @Test("a socket that ends by itself before the drain has ended is not waited for")
    func stopEndedFirst() throws {
        var session = SessionHarness()
        let id = try session.opened()
        _ = session.machine.stop()
        same(session.end(id, .lost(reason: "closed")), [])
        same(session.settle(nil), [.finish])
    }

    @Test("stop without a socket finishes as soon as everything is settled, from wherever it stood", arguments: 0..<5)
    func stopOffline(phase: Int) throws {
        var session = SessionHarness()
        if phase > 0 { _ = try session.begin() }
        if phase == 2 { _ = session.token(SocketID(1)) }
        if phase == 3 { _ = try session.handshake(SocketID(1)) }
        if phase == 4 {
            try session.open(SocketID(1))
            session.end(SocketID(1), .lost(reason: "x"))
        }
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        same(session.settle(nil), [.finish])
        #expect(session.machine.nextDeadline == nil)
    }

    @Test("a parked session stops")
    func stopParked() throws {
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil), onMissingCheckpoint: .fail)
        var session = SessionHarness(policy: policy, committed: nil)
        same(session.machine.start(), [])
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        same(session.settle(nil), [.finish])
    }

    @Test("stop while settling drains behind what is being discarded, and closes what is open")
    func stopWhileSettling() throws {
        var session = SessionHarness()
        let id = try session.opened()
        _ = session.machine.deliveryFailed(reason: "fatal")
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        same(session.settle(p("3")), [.close(id, code: 1000, reason: "")])
        same(session.end(id, .lost(reason: "closed")), [.finish])
    }

    @Test("a socket that opens while the end has begun is closed, and its end is waited for")
    func lateSocket() throws {
        var session = SessionHarness()
        let id = try session.begin()
        _ = try session.handshake(id)
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        same(session.machine.connected(id, now: session.now), [.close(id, code: 1000, reason: "")])
        same(session.settle(nil), [.close(id, code: 1000, reason: "")])
        same(session.end(id, .lost(reason: "closed")), [.finish])
    }

    @Test("both sockets of a rollover are closed, and both ends waited for, when delivery fails")
    func bothOnSettle() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        #expect(session.machine.openSocketCount == 2)
        let actions = session.machine.deliveryFailed(reason: "fatal")
        #expect(actions.prefix(2) == [.stopReading, .discardAndSettle])
        #expect(
            Set(actions.dropFirst(2)) == [.close(live, code: 1000, reason: ""), .close(next, code: 1000, reason: "")]
        )
        same(session.receive(next, p("8")), [], "nothing takes over any more")
        same(session.settle(p("0")), [])
        session.end(live, .lost(reason: "closed"))
        #expect(session.machine.status == .settling)
        session.end(next, .lost(reason: "closed"))
        same(try session.reopen().resumeFrom, p("0"))
    }

    @Test("both sockets of a rollover are closed, and both ends waited for, on stop (bounded-stop)")
    func bothOnStop() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        same(session.machine.stop(), [.stopReading, .drainAndSettle])
        same(session.receive(next, p("8")), [])
        let closes = session.settle(p("1"))
        #expect(Set(closes) == [.close(live, code: 1000, reason: ""), .close(next, code: 1000, reason: "")])
        same(session.end(next, .lost(reason: "closed")), [])
        same(session.end(live, .lost(reason: "closed")), [.finish])
    }

    @Test("429 said by a socket of a session that settles or stops holds the host off: others connect to it (S3.4)")
    func throttledWhileEnding() throws {
        for isStop in [true, false] {
            var session = SessionHarness()
            let id = try session.opened()
            _ = isStop ? session.machine.stop() : session.machine.deliveryFailed(reason: "fatal")
            let actions = session.end(id, .throttled(retryAfterSeconds: 5, reason: "429"))
            #expect(actions.contains(.holdOffHost(retryAfterSeconds: 5)))
        }
    }
}
