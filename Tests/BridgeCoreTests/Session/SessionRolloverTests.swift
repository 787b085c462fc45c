import BridgeCore
import Testing

@Suite("Session machine: rollover (S4.8)")
struct SessionRolloverTests {
    /// When a session begins a successor: how long after its socket opened.
    private static func rolloverAfter(tokenLife: Duration?, margin: Duration?, position: Position? = p("1")) throws
        -> Duration?
    {
        let policy = SessionPolicy(keepAlive: .init(heartbeatTimeout: nil), rolloverMargin: margin)
        var session = SessionHarness(policy: policy, committed: nil)
        session.tokenLife = tokenLife
        let live = try session.opened()
        session.receive(live, position)
        let actions = session.pass(.seconds(100_000))
        guard !actions.isEmpty else { return nil }
        same(try SessionHarness.attempt(in: actions).newerThan, 1, "only a newer token is of use")
        return Instant().duration(to: session.now)
    }

    @Test(
        "a successor is begun the margin before the token expires, or a quarter of its life where that is less (S4.8)"
    )
    func margin() throws {
        #expect(try Self.rolloverAfter(tokenLife: .seconds(1000), margin: .seconds(60)) == .seconds(940))
        #expect(try Self.rolloverAfter(tokenLife: .seconds(240), margin: .seconds(60)) == .seconds(180))
        #expect(try Self.rolloverAfter(tokenLife: .seconds(100), margin: .seconds(60)) == .seconds(75))
        #expect(try Self.rolloverAfter(tokenLife: .seconds(1000), margin: nil) == nil)
        #expect(try Self.rolloverAfter(tokenLife: nil, margin: .seconds(60)) == nil)
    }

    @Test("without a position there is nothing to resume behind, and so no rollover; the first one brings it")
    func withoutPosition() throws {
        #expect(try Self.rolloverAfter(tokenLife: .seconds(1000), margin: .seconds(60), position: nil) == nil)
        var session = SessionHarness(committed: nil)
        session.tokenLife = .seconds(100)
        let live = try session.opened()
        same(session.pass(.seconds(500)), [])
        same(session.receive(live), [])
        _ = try SessionHarness.attempt(in: session.receive(live, p("1")))
    }

    @Test("the successor takes over with its first message, not before, and the other one is closed (S4.8)")
    func takeOver() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        #expect(session.machine.isRollingOver)
        session.receive(live, p("2"))
        let handshake = try session.handshake(next)
        #expect(handshake.resumeFrom == p("2"), "it resumes at the newest received position")
        session.receive(live, p("3"))
        same(session.machine.connected(next, now: session.now), [])
        #expect(session.machine.status == .open)
        session.receive(live, p("4"))
        #expect(session.machine.mayHandOn(live) && !session.machine.mayHandOn(next))
        #expect(session.machine.concerns(live) && session.machine.concerns(next))
        same(session.machine.pongReceived(next, now: session.now), [], "a pong delivers nothing")
        #expect(session.machine.mayHandOn(live))

        same(session.receive(next, p("3")), [.close(live, code: 1000, reason: "rolled over")])
        #expect(session.machine.mayHandOn(next) && !session.machine.mayHandOn(live))
        #expect(session.machine.resumedFrom == p("2"))
        #expect(!session.machine.isRollingOver)
        same(session.receive(live, p("5")), [], "what the other one still brings comes again")
        #expect(session.machine.openSocketCount == 2)
        same(session.end(live, .lost(reason: "closed")), [])
        #expect(session.machine.openSocketCount == 1)
        #expect(session.machine.status == .open)
    }

    @Test("an empty message takes over as well: it proves that the successor is served (S2.3)")
    func takeOverByHeartbeat() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        same(session.receive(next, nil), [.close(live, code: 1000, reason: "rolled over")])
        #expect(session.machine.resumePosition == p("1"))
    }

    @Test("the one that took over is followed by another before its own token expires")
    func again() throws {
        var (session, _, next) = try SessionHarness.rollingOver()
        try session.open(next)
        let since = session.now
        session.receive(next, p("2"))
        same(try SessionHarness.attempt(in: session.pass(.seconds(2000))).newerThan, 2)
        #expect(since.duration(to: session.now) == .seconds(940))
    }

    @Test("a rollover asks the server about the subscriptions, for the token is another (S5.2)")
    func preflight() throws {
        var (session, _, next) = try SessionHarness.rollingOver()
        let asked = session.asked.count
        _ = try session.handshake(next)
        #expect(session.asked.count == asked + 1)
    }

    @Test(
        "nothing is lost when the living socket ends while its successor is on the way: the same attempt goes on",
        arguments: 0..<4
    )
    func livingEndsDuringAttempt(phase: Int) throws {
        for end in Self.endsThatSuccessorsSurvive {
            var (session, live, next) = try SessionHarness.rollingOver()
            var actions = phase > 0 ? session.token(next) : []
            if phase > 1 { actions = session.answer(actions) }
            if phase > 2 { _ = try session.turn(next) }
            session.receive(live, p("5"))
            same(session.end(live, end), Self.told(of: end))
            #expect(session.machine.status.name != "backing-off" && session.machine.status != .open)
            if phase == 0 { actions = session.token(next) }
            if phase < 2 { same(session.answer(actions), [.awaitTurn(next)]) }
            if phase < 3 { same(try session.turn(next).resumeFrom, p("5")) }
            same(session.machine.connected(next, now: session.now), [])
            #expect(session.machine.mayHandOn(next))
        }
    }

    @Test("the living socket ends while its successor is open: that one is read at once")
    func livingEndsBesideOpen() throws {
        for end in Self.endsThatSuccessorsSurvive {
            var (session, live, next) = try SessionHarness.rollingOver()
            try session.open(next)
            same(session.end(live, end), Self.told(of: end))
            #expect(session.machine.status == .open)
            #expect(session.machine.mayHandOn(next))
            same(session.receive(next, p("2")), [])
            #expect(session.machine.openSocketCount == 1)
        }
    }

    @Test("the living socket ends while its successor pauses: the session backs off by itself")
    func livingEndsBesidePause() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        _ = try session.handshake(next)
        session.fail(next, .unavailable(reason: "503"))
        session.receive(live, p("5"))
        same(session.end(live, .lost(reason: "reset")), [])
        #expect(session.machine.status == .backingOff(reason: "reset"))
        same(try session.reopen().resumeFrom, p("5"))
    }

    @Test("a list or a position that the living socket is refused for is refused to its successor too: both are left")
    func sharedRefusal() throws {
        for end in [ConnectionEnd.subscriptionsRejected(reason: "400"), .positionLost(reason: "410")] {
            var (session, live, next) = try SessionHarness.rollingOver()
            try session.open(next)
            let actions = session.end(live, end)
            #expect(actions.contains(.close(next, code: 1000, reason: "")), "no socket is left open that nobody reads")
            #expect(session.machine.status.name == "backing-off")
            same(session.receive(next, p("2")), [])
            same(session.end(next, .lost(reason: "closed")), [])
            #expect(session.machine.openSocketCount == 0)

            (session, live, next) = try SessionHarness.rollingOver()
            _ = try session.handshake(next)
            same(session.end(live, end), [])
            same(session.machine.connected(next, now: session.now), [.close(next, code: 1000, reason: "")])
        }
    }

    @Test("what closes the living socket from our side lets the successor follow, and stops no reading")
    func leaving() throws {
        var (session, live, next) = try SessionHarness.rollingOver()
        try session.open(next)
        let close = SessionAction.close(live, code: 1007, reason: "not JSON")
        let choice = session.machine.unreadableReceived(live, closeCode: 1007, reason: "not JSON", now: session.now)
        #expect(choice == .resume([close]))
        #expect(session.machine.mayHandOn(next))
        let gap = StreamGap(cause: .poison, from: p("1"), certainty: .certain, resolution: .open)
        let second = session.machine.unreadableReceived(next, closeCode: 1007, reason: "not JSON", now: session.now)
        #expect(second == .skip(gap), "the successor's copy of the message is the second one")
    }

    private static let endsThatSuccessorsSurvive: [ConnectionEnd] = [
        .tokenExpired, .throttled(retryAfterSeconds: 9, reason: "429"), .lost(reason: "reset"),
    ]

    private static func told(of end: ConnectionEnd) -> [SessionAction] {
        switch end {
        case .tokenExpired: [.markTokenBad(serial: 1)]
        case .throttled(let seconds, _): [.holdOffHost(retryAfterSeconds: seconds)]
        case .lost, .positionLost, .subscriptionsRejected: []
        }
    }
}
