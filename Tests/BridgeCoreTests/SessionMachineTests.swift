import BridgeCore
import Testing

@Suite("Session machine")
struct SessionMachineTests {
    private static let position = Position(kind: .lastEventId, value: "p0")
    private var random = SeededGenerator(seed: 7)

    private static func at(_ seconds: Double) -> Instant { Instant().advanced(by: .seconds(seconds)) }

    private static func policy(
        onMissingCheckpoint: SessionPolicy.MissingCheckpointChoice = .start,
        onPositionLost: SessionPolicy.PositionLostChoice = .continue
    ) -> SessionPolicy {
        SessionPolicy(
            keepAlive: .init(heartbeatTimeout: .seconds(15)),
            onMissingCheckpoint: onMissingCheckpoint,
            onPositionLost: onPositionLost
        )
    }

    /// A machine with an open socket at second 0.
    private func open(
        committed: Position? = position,
        onPositionLost: SessionPolicy.PositionLostChoice = .continue
    ) -> SessionMachine {
        var machine = SessionMachine(policy: Self.policy(onPositionLost: onPositionLost), committed: committed)
        same(machine.start(), [.awaitToken])
        same(machine.tokenReady(), [.connect(resumeFrom: committed)])
        same(machine.connected(now: Self.at(0)), [])
        return machine
    }

    /// Lets the pause pass and returns where the next attempt resumes, and how long the pause was.
    private mutating func reconnect(_ machine: inout SessionMachine, now: Instant) throws -> (Position?, Duration) {
        let until = try #require(machine.nextDeadline)
        same(machine.deadlineReached(now: until), [.awaitToken])
        guard case .connect(let position)? = machine.tokenReady().first else {
            Issue.record("no connect")
            return (nil, .zero)
        }
        return (position, now.duration(to: until))
    }

    @Test("a lost socket is replaced after a pause and resumes at the newest received position (S4.3, S4.5)")
    mutating func resume() throws {
        var machine = self.open()
        let received = Position(kind: .lastEventId, value: "p9")
        machine.messageHandedOn(position: received, now: Self.at(1))
        machine.messageHandedOn(position: nil, now: Self.at(2))
        same(machine.ended(.lost(reason: "reset"), now: Self.at(3), random: &self.random), [])
        #expect(machine.status == .backingOff(reason: "reset"))
        let (position, pause) = try self.reconnect(&machine, now: Self.at(3))
        #expect(position == received)
        #expect(pause >= .seconds(1) && pause < .seconds(2))
    }

    @Test("a server that accepts and drops is not hammered: backoff starts anew only after a healthy connection (S4.1)")
    mutating func acceptAndDrop() throws {
        var machine = self.open()
        var pauses: [Duration] = []
        for n in 0..<5 {
            machine.messageHandedOn(position: nil, now: Self.at(Double(n)))
            _ = machine.ended(.lost(reason: "x"), now: Self.at(Double(n) + 0.1), random: &self.random)
            pauses.append(try self.reconnect(&machine, now: Self.at(Double(n) + 0.1)).1)
            _ = machine.connected(now: Self.at(Double(n) + 0.2))
        }
        #expect(pauses[4] >= .seconds(16))
        machine.messageHandedOn(position: nil, now: Self.at(5))
        _ = machine.ended(.lost(reason: "x"), now: Self.at(4.2 + 30), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(4.2 + 30)).1 < .seconds(2), true)
    }

    @Test("an up-time without any batch is not healthy")
    mutating func silentIsNotHealthy() throws {
        var machine = self.open()
        _ = machine.ended(.lost(reason: "x"), now: Self.at(1), random: &self.random)
        _ = try self.reconnect(&machine, now: Self.at(1))
        _ = machine.connected(now: Self.at(10))
        _ = machine.ended(.lost(reason: "x"), now: Self.at(100), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(100)).1 >= .seconds(2), true)
    }

    @Test(
        "4001: the token is marked bad and the reconnect is immediate but for jitter; the second in a row backs off (S4.4)"
    )
    mutating func tokenExpired() throws {
        var machine = self.open()
        same(machine.ended(.tokenExpired, now: Self.at(1), random: &self.random), [.markTokenBad])
        same(try self.reconnect(&machine, now: Self.at(1)).1 < .seconds(1), true)
        _ = machine.connected(now: Self.at(2))
        same(machine.ended(.tokenExpired, now: Self.at(3), random: &self.random), [.markTokenBad])
        same(try self.reconnect(&machine, now: Self.at(3)).1 >= .seconds(1), true)
    }

    @Test("401 asks for a new token, 403 asks once and then waits long (S1.7)")
    mutating func refused() throws {
        var machine = SessionMachine(policy: Self.policy(), committed: nil)
        _ = machine.start()
        _ = machine.tokenReady()
        same(
            machine.connectFailed(.unauthorized(reason: "401"), now: Self.at(0), random: &self.random),
            [.markTokenBad]
        )
        _ = try self.reconnect(&machine, now: Self.at(0))
        same(machine.connectFailed(.forbidden(reason: "403"), now: Self.at(0), random: &self.random), [.markTokenBad])
        _ = try self.reconnect(&machine, now: Self.at(0))
        same(machine.connectFailed(.forbidden(reason: "403"), now: Self.at(0), random: &self.random), [])
        same(try self.reconnect(&machine, now: Self.at(0)).1 >= .seconds(30), true)
    }

    @Test("429 holds off for a minute, or for as long as the server says (S3.4)")
    mutating func throttled() throws {
        var machine = self.open()
        _ = machine.ended(.throttled(retryAfterSeconds: nil, reason: "429"), now: Self.at(0), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(0)).1 >= .seconds(60), true)
        let failure = ConnectFailure.throttled(retryAfterSeconds: 7, reason: "429")
        _ = machine.connectFailed(failure, now: Self.at(0), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(0)).1, .seconds(7))
    }

    private mutating func unreadable(_ machine: inout SessionMachine, at seconds: Double) -> UnreadableChoice {
        machine.unreadableReceived(closeCode: 1007, reason: "not JSON", now: Self.at(seconds))
    }

    /// Closes and resumes, as the machine wants it after an unreadable message.
    private mutating func resume(_ machine: inout SessionMachine, at seconds: Double) throws -> Position? {
        _ = machine.ended(.lost(reason: "closed by us"), now: Self.at(seconds), random: &self.random)
        let position = try self.reconnect(&machine, now: Self.at(seconds)).0
        _ = machine.connected(now: Self.at(seconds))
        return position
    }

    @Test("an unreadable message is asked for again once; the second time it is skipped, with a gap (S2.7)")
    mutating func poison() throws {
        var machine = self.open()
        let first = self.unreadable(&machine, at: 1)
        #expect(first == .resume([.stopReading, .close(code: 1007, reason: "not JSON")]))
        same(self.unreadable(&machine, at: 1), .ignore, "the socket is being left")
        same(try self.resume(&machine, at: 1), Self.position)
        let gap = StreamGap(cause: .poison, from: Self.position, certainty: .certain, resolution: .open)
        same(self.unreadable(&machine, at: 3), .skip(gap))
        #expect(machine.status == .open, "reading goes on behind it")
    }

    @Test("an unreadable message that came whole the second time is forgotten; a heartbeat in between proves nothing")
    mutating func poisonOnce() throws {
        var machine = self.open()
        for n in 0..<5 {
            guard case .resume = self.unreadable(&machine, at: Double(n)) else {
                Issue.record("skipped at \(n)")
                return
            }
            _ = try self.resume(&machine, at: Double(n))
            machine.messageHandedOn(position: Position(kind: .lastEventId, value: "q\(n)"), now: Self.at(Double(n)))
        }
        #expect(machine.status == .open)
        _ = self.unreadable(&machine, at: 6)
        _ = try self.resume(&machine, at: 6)
        machine.messageHandedOn(position: Position(kind: .lastEventId, value: "q4"), now: Self.at(8))
        guard case .skip = self.unreadable(&machine, at: 9) else {
            Issue.record("not skipped")
            return
        }
    }

    @Test("a lost position becomes a gap and a start at the present, or parks if so wished (S4.10)")
    mutating func positionLost() throws {
        var machine = self.open()
        _ = machine.ended(.positionLost(reason: "410"), now: Self.at(1), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(1)).0, nil)
        _ = machine.connected(now: Self.at(2))
        let gap = StreamGap(
            cause: .positionLost,
            from: Self.position,
            certainty: .possible,
            resolution: .unrecoverable
        )
        #expect(machine.pendingGap == gap)
        machine.gapHandedOn()
        #expect(machine.pendingGap == nil)

        machine = self.open(onPositionLost: .fail)
        _ = machine.ended(.positionLost(reason: "410"), now: Self.at(1), random: &self.random)
        guard case .parked(let reason) = machine.status else {
            Issue.record("not parked: \(machine.status)")
            return
        }
        #expect(reason.contains("onPositionLost"))
        #expect(machine.nextDeadline == nil)
    }

    @Test("a start without a committed position is a gap, also when its record was discarded (S2.2)")
    mutating func missingCheckpointGap() throws {
        var machine = SessionMachine(policy: SessionPolicy(keepAlive: .init(heartbeatTimeout: nil)), committed: nil)
        _ = machine.start()
        _ = machine.tokenReady()
        _ = machine.connected(now: Self.at(0))
        same(machine.pendingGap?.cause, .missingCheckpoint)
        machine.gapHandedOn()
        _ = machine.deliveryFailed(reason: "fatal")
        _ = machine.ended(.lost(reason: "closed"), now: Self.at(1), random: &self.random)
        _ = machine.settled(committed: nil, now: Self.at(2), random: &self.random)
        same(machine.pendingGap?.cause, .missingCheckpoint)
        #expect(SessionMachine(policy: machine.policy, committed: Self.position).pendingGap == nil)
    }

    @Test("a failed delivery discards, settles, and resumes from the committed position, not the received one")
    mutating func deliveryFailed() throws {
        var machine = self.open()
        machine.messageHandedOn(position: Position(kind: .lastEventId, value: "p9"), now: Self.at(1))
        same(
            machine.deliveryFailed(reason: "fatal"),
            [.stopReading, .discardAndSettle, .close(code: 1000, reason: "")]
        )
        same(machine.deliveryFailed(reason: "again"), [], "one reset at a time")
        // What is still in the reader's hands while everything is discarded must not become the resume point.
        machine.messageHandedOn(position: Position(kind: .lastEventId, value: "p10"), now: Self.at(1))
        let committed = Position(kind: .lastEventId, value: "p4")
        same(machine.settled(committed: committed, now: Self.at(2), random: &self.random), [])
        #expect(machine.status == .settling, "the socket's end is still owed")
        machine.messageHandedOn(position: Position(kind: .lastEventId, value: "p11"), now: Self.at(2))
        _ = machine.ended(.lost(reason: "closed"), now: Self.at(3), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(3)).0, committed)
    }

    @Test("a delivery that fails while nothing is connected settles all the same")
    mutating func deliveryFailedOffline() throws {
        var machine = self.open()
        machine.messageHandedOn(position: Position(kind: .lastEventId, value: "p9"), now: Self.at(1))
        _ = machine.ended(.lost(reason: "reset"), now: Self.at(2), random: &self.random)
        same(machine.deliveryFailed(reason: "fatal"), [.stopReading, .discardAndSettle])
        _ = machine.settled(committed: Self.position, now: Self.at(3), random: &self.random)
        same(try self.reconnect(&machine, now: Self.at(3)).0, Self.position)
    }

    @Test("three missed pongs close with 1001 and the text that the guide gives (S4.6)")
    mutating func missedPongs() {
        var machine = SessionMachine(
            policy: SessionPolicy(keepAlive: .init(heartbeatTimeout: nil)),
            committed: nil
        )
        _ = machine.start()
        _ = machine.tokenReady()
        _ = machine.connected(now: Self.at(0))
        var actions: [SessionAction] = []
        while actions.isEmpty || actions.last == .ping, let deadline = machine.nextDeadline {
            actions += machine.deadlineReached(now: deadline)
        }
        #expect(actions == [.ping, .ping, .ping, .stopReading, .close(code: 1001, reason: "Pong timeout exceeded")])
        same(machine.ended(.lost(reason: "closed"), now: Self.at(101), random: &self.random), [])
        #expect(machine.status == .backingOff(reason: "Pong timeout exceeded"))
    }

    @Test("a socket held back for longer than maxStall is closed, not before (S3.3)")
    mutating func stall() {
        var machine = self.open()
        machine.heldBack(now: Self.at(1))
        same(machine.deadlineReached(now: Self.at(29)), [])
        same(machine.deadlineReached(now: Self.at(31)), [.ping])
        same(machine.deadlineReached(now: Self.at(61)), [.stopReading, .close(code: 1000, reason: "held back")])
    }

    @Test("stop: read no more, drain, close the socket, finish (bounded-stop)")
    mutating func stop() {
        var machine = self.open()
        same(machine.stop(), [.stopReading, .drainAndSettle])
        same(machine.stop(), [])
        same(machine.settled(committed: nil, now: Self.at(1), random: &self.random), [.close(code: 1000, reason: "")])
        same(machine.ended(.lost(reason: "closed"), now: Self.at(2), random: &self.random), [.finish])
        #expect(machine.status == .finished)
    }

    @Test("stop without a socket finishes as soon as everything is settled")
    mutating func stopOffline() {
        var machine = self.open()
        _ = machine.ended(.lost(reason: "x"), now: Self.at(1), random: &self.random)
        same(machine.stop(), [.stopReading, .drainAndSettle])
        same(machine.settled(committed: nil, now: Self.at(2), random: &self.random), [.finish])
    }

    @Test("a socket that opens while the end has begun is closed")
    mutating func lateSocket() {
        var machine = SessionMachine(policy: Self.policy(), committed: nil)
        _ = machine.start()
        _ = machine.tokenReady()
        same(machine.stop(), [.stopReading, .drainAndSettle])
        same(machine.connected(now: Self.at(1)), [])
        same(machine.settled(committed: nil, now: Self.at(1), random: &self.random), [.close(code: 1000, reason: "")])
    }

    @Test("a missing checkpoint parks the stream where that is wanted (S2.2)")
    mutating func missingCheckpoint() {
        var machine = SessionMachine(policy: Self.policy(onMissingCheckpoint: .fail), committed: nil)
        same(machine.start(), [])
        guard case .parked = machine.status else {
            Issue.record("not parked")
            return
        }
    }
}
