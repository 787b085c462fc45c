import BridgeCore
import Testing

@Suite("Session machine: the way to a socket")
struct SessionAttemptTests {
    @Test("token, pre-flight, the host's turn, handshake: one after the other, and each in the status")
    func steps() throws {
        var session = SessionHarness(topics: SessionHarness.topics("a", "b"))
        #expect(session.machine.status == .idle)
        let id = try session.begin()
        #expect(session.machine.status == .attempting(.awaitingToken))
        same(session.token(id), [.validate(id, SessionHarness.topics("a", "b"))])
        #expect(session.machine.status == .attempting(.validating))
        let verdicts = SessionHarness.verdicts(good: SessionHarness.topics("a", "b"))
        same(session.machine.validated(id, verdicts, now: session.now, random: &session.random), [.awaitTurn(id)])
        #expect(session.machine.status == .attempting(.awaitingTurn))
        same(
            session.machine.turnGranted(id),
            [.connect(id, topics: SessionHarness.topics("a", "b"), resumeFrom: p("0"))]
        )
        #expect(session.machine.status == .attempting(.connecting))
        #expect(session.machine.nextDeadline == nil, "the adapter bounds the handshake")
        same(session.machine.connected(id, now: session.now), [])
        #expect(session.machine.status == .open)
        #expect(session.machine.resumedFrom == p("0"))
        same(session.machine.start(), [], "it begins once")
    }

    @Test("each step is taken once, in order: what comes twice, early or for another attempt changes nothing")
    func outOfOrder() throws {
        var session = SessionHarness()
        let id = try session.begin()
        let other = SocketID(99)
        let valid = SessionHarness.verdicts(good: SessionHarness.topics("a"))
        same(session.machine.turnGranted(id), [])
        same(session.machine.validated(id, valid, now: session.now, random: &session.random), [])
        same(session.machine.tokenReady(other, serial: 1, expiresAt: nil, now: session.now), [])
        same(session.fail(id, .unavailable(reason: "early")), [])
        same(session.token(id), [.validate(id, SessionHarness.topics("a"))])
        same(session.token(id), [])
        same(session.machine.turnGranted(id), [])
        same(session.machine.validated(other, valid, now: session.now, random: &session.random), [])
        same(session.machine.validated(id, valid, now: session.now, random: &session.random), [.awaitTurn(id)])
        same(session.machine.validated(id, valid, now: session.now, random: &session.random), [])
        _ = try session.turn(id)
        same(session.machine.turnGranted(id), [])
        #expect(session.machine.status == .attempting(.connecting))
    }

    @Test("the server is asked again only after a token change or a refused list (S5.2)")
    func asksWhenNeeded() throws {
        var session = SessionHarness()
        let first = try session.opened()
        #expect(session.asked.count == 1, "at the start")
        session.end(first, .lost(reason: "reset"))
        let second = try session.reopen().id
        #expect(session.asked.count == 1, "nothing has changed")
        session.end(second, .lost(reason: "reset"))
        session.tokenSerial = 2
        let third = try session.reopen().id
        #expect(session.asked.count == 2, "a new token")
        session.end(third, .subscriptionsRejected(reason: "Invalid subscription"))
        session.preflight = SessionHarness.verdicts(bad: SessionHarness.topics("a"))
        let retry = try session.retry()
        same(session.answer(session.token(retry.id)), [])
        #expect(session.asked.count == 3, "a refused list")
    }

    @Test("a pre-flight that cannot be had does not keep the session from its handshake")
    func preflightUnavailable() throws {
        var session = SessionHarness()
        session.preflight = .unavailable(reason: "503")
        _ = try session.opened()
        #expect(session.machine.status == .open)
    }

    @Test("a pre-flight that refuses the token is a 401 (S1.7)")
    func preflightUnauthorized() throws {
        var session = SessionHarness()
        session.preflight = .unauthorized(reason: "401")
        let id = try session.begin()
        same(session.answer(session.token(id)), [.markTokenBad(serial: 1)])
        let retry = try session.retry()
        #expect(retry.newerThan == 1)
        #expect(retry.pause >= .seconds(1))
    }

    @Test("401 asks for a new token, 403 asks once and then waits long (S1.5, S1.7)")
    func refused() throws {
        var session = SessionHarness()
        let first = try session.begin()
        _ = try session.handshake(first)
        same(session.fail(first, .unauthorized(reason: "401")), [.markTokenBad(serial: 1)])
        var retry = try session.retry()
        #expect(retry.newerThan == 1)
        session.tokenSerial = 2
        _ = try session.handshake(retry.id)
        same(session.fail(retry.id, .forbidden(reason: "403")), [.markTokenBad(serial: 2)])
        retry = try session.retry()
        #expect(retry.newerThan == 2)
        session.tokenSerial = 3
        for _ in 0..<3 {
            _ = try session.handshake(retry.id)
            same(session.fail(retry.id, .forbidden(reason: "403")), [], "one new token is asked for, not more")
            #expect(session.machine.status == .backingOff(reason: "403"))
            retry = try session.retry()
            #expect(retry.pause >= .seconds(30))
            #expect(retry.newerThan == nil)
        }
    }

    @Test("429 holds the host off, for as long as the server says; the session itself only waits its turn (S3.4)")
    func throttled() throws {
        var session = SessionHarness()
        let first = try session.opened()
        same(
            session.end(first, .throttled(retryAfterSeconds: nil, reason: "429")),
            [.holdOffHost(retryAfterSeconds: nil)]
        )
        let retry = try session.retry()
        #expect(retry.pause < .seconds(1))
        _ = try session.handshake(retry.id)
        same(
            session.fail(retry.id, .throttled(retryAfterSeconds: 7, reason: "429")),
            [.holdOffHost(retryAfterSeconds: 7)]
        )
        #expect(session.machine.status == .backingOff(reason: "429"))
    }

    @Test("what is not there is tried again, later and later, up to the cap (S4.1)")
    func unavailable() throws {
        var session = SessionHarness()
        var id = try session.begin()
        for d in [1, 2, 4, 8, 16, 30, 30] {
            _ = try session.handshake(id)
            same(session.fail(id, .unavailable(reason: "503")), [])
            let retry = try session.retry()
            #expect(retry.pause >= .seconds(d) && retry.pause < .seconds(2 * d))
            id = retry.id
        }
    }

    @Test("4001: the token is bad, the reconnect is immediate but for jitter; the second in a row backs off (S4.4)")
    func tokenExpired() throws {
        var session = SessionHarness()
        var id = try session.opened()
        session.receive(id, p("1"))
        for n in 1...3 {
            same(session.end(id, .tokenExpired), [.markTokenBad(serial: n)])
            let retry = try session.retry()
            #expect(retry.newerThan == n, "a new token")
            #expect((retry.pause < .seconds(1)) == (n == 1))
            session.tokenSerial = n + 1
            same(try session.open(retry.id).resumeFrom, p("1"), "a new socket, which resumes")
            id = retry.id
        }
        session.receive(id, p("2"))
        _ = session.pass(.seconds(31))
        same(session.end(id, .tokenExpired), [.markTokenBad(serial: 4)])
        same(try session.retry().pause < .seconds(1), true, "a healthy one in between starts anew")
    }

    @Test("a lost position becomes a gap and a start at the present, or parks if so wished (S4.10)")
    func positionLost() throws {
        var session = SessionHarness()
        let first = try session.begin()
        _ = try session.handshake(first)
        same(session.fail(first, .positionLost(reason: "410")), [])
        let second = try session.reopen()
        #expect(second.resumeFrom == nil)
        session.receive(second.id, p("9"))
        let gap = StreamGap(cause: .positionLost, from: p("0"), certainty: .possible, resolution: .unrecoverable)
        #expect(session.recorded == [gap])
        session.end(second.id, .lost(reason: "reset"))
        same(try session.reopen().resumeFrom, p("9"))

        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil), onPositionLost: .fail)
        session = SessionHarness(policy: policy)
        let id = try session.opened()
        same(session.end(id, .positionLost(reason: "410")), [])
        #expect(session.machine.status.reason?.contains("onPositionLost") == true)
        #expect(session.machine.status.name == "parked")
        #expect(session.machine.nextDeadline == nil, "only a person helps")
    }

    @Test("a missing checkpoint is a gap, or parks the stream where that is wanted (S2.2)")
    func missingCheckpoint() throws {
        var session = SessionHarness(committed: nil)
        let id = try session.begin()
        same(try session.open(id).resumeFrom, nil)
        session.receive(id, p("1"))
        let gap = StreamGap(cause: .missingCheckpoint, from: nil, certainty: .possible, resolution: .unrecoverable)
        #expect(session.recorded == [gap])

        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil), onMissingCheckpoint: .fail)
        session = SessionHarness(policy: policy, committed: nil)
        same(session.machine.start(), [])
        #expect(session.machine.status.reason?.contains("onMissingCheckpoint") == true)
        session = SessionHarness(policy: policy)
        _ = try session.opened()
        #expect(session.machine.pendingGap == nil)
    }
}
