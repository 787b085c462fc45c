import BridgeCore
import Testing

/// What follows the loss of a socket.
@Suite("Channel machine: losses")
struct ChannelLossTests {
    private static let healthy = ChannelPolicy(pingInterval: .seconds(10), healthyAfter: .seconds(5))

    @Test("a loss is dialled again on the same URI, twice at most, then checked, then made anew (C5)")
    func redial() {
        var scene = ChannelScene.live()
        #expect(scene.ended(1) == [])
        #expect(scene.machine.status(now: scene.now) == .recovering)
        #expect(scene.advanceToDeadline() == [.connect(ChannelID(1), SocketID(2))])
        #expect(scene.now < ChannelScene.at(1))
        #expect(scene.connectFailed(2, .unavailable(reason: "refused")) == [])
        #expect(scene.advanceToDeadline() == [.connect(ChannelID(1), SocketID(3))])
        #expect(scene.connectFailed(3, .unavailable(reason: "refused")) == [.check(ChannelID(1))])
        var other = scene
        #expect(
            scene.checked(1, isValid: false) == [.forget(ChannelID(1)), .awaitToken(ChannelID(2), newerThan: nil)]
        )
        #expect(other.checked(1, isValid: true) == [.forget(ChannelID(1)), .awaitToken(ChannelID(2), newerThan: nil)])
    }

    @Test("the time between is a gap from the last proof to the next sign of life (C1, C5)")
    func gap() {
        var scene = ChannelScene.live(policy: Self.healthy)
        _ = scene.control(1, .pong)  // for the first ping, of second 0
        #expect(scene.advance(.seconds(10)) == [.ping(SocketID(1))])
        scene.now = ChannelScene.at(13)
        _ = scene.control(1, .pong)
        scene.now = ChannelScene.at(18)
        #expect(scene.event("1", 1) == true)
        _ = scene.control(1, .heartbeat)
        scene.now = ChannelScene.at(19)
        _ = scene.ended(1)
        #expect(scene.advanceToDeadline().contains(.connect(ChannelID(1), SocketID(2))))
        _ = scene.machine.connected(SocketID(2), now: scene.now)
        scene.now = ChannelScene.at(30)
        #expect(scene.control(2, .heartbeat) == [.hostIsHealthy])
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(10), to: ChannelScene.at(30), cause: .disconnect, topics: ["x", "y"])
            ]
        )
    }

    @Test("a heartbeat that is read late does not move the gap's start (C1)")
    func lateHeartbeat() {
        var scene = ChannelScene.live(policy: Self.healthy)
        _ = scene.control(1, .pong)
        _ = scene.advance(.seconds(10))
        _ = scene.control(1, .pong)  // everything up to second 10 is read
        // The disk is slow: what the server sent at second 12 is read at second 40, and the socket is long gone.
        scene.machine.heldBack(SocketID(1))
        scene.now = ChannelScene.at(40)
        scene.machine.released(SocketID(1), now: scene.now)
        _ = scene.control(1, .heartbeat)
        #expect(scene.machine.readerCaughtUp(SocketID(1), at: scene.now, now: scene.now) == [])
        _ = scene.ended(1)
        _ = scene.advanceToDeadline()
        _ = scene.machine.connected(SocketID(2), now: scene.now)
        _ = scene.control(2, .heartbeat)
        #expect(scene.machine.takeGaps().map(\.from) == [ChannelScene.at(10)])
    }

    @Test("where no pong comes, an emptied socket proves what is older than the silence limit (C1)")
    func withoutPongs() {
        var scene = ChannelScene.live()
        scene.now = ChannelScene.at(100)
        _ = scene.machine.readerCaughtUp(SocketID(1), at: scene.now, now: scene.now)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(65))
    }

    @Test("a socket that was held back proves nothing by being emptied: nobody watched whether anything came (C1)")
    func heldBackProvesNothing() {
        var scene = ChannelScene.live()
        scene.machine.heldBack(SocketID(1))
        scene.now = ChannelScene.at(100)
        scene.machine.released(SocketID(1), now: scene.now)
        for second in [100, 120, 134] {
            scene.now = ChannelScene.at(second)
            _ = scene.control(1, .heartbeat) + scene.machine.readerCaughtUp(SocketID(1), at: scene.now, now: scene.now)
            #expect(scene.machine.caughtUpAt == ChannelScene.at(0))
        }
        scene.now = ChannelScene.at(135)
        _ = scene.machine.readerCaughtUp(SocketID(1), at: scene.now, now: scene.now)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(100))
    }

    @Test(
        "where copies are in doubt a restart begins its gap at what is proven of the socket that would prove them (C1, C3)"
    )
    func restartInDoubt() {
        var scene = ChannelScene.live(policy: ChannelPolicy(pingInterval: .seconds(3), overlap: .seconds(30)))
        #expect(scene.control(1, .pong) == [])  // for the ping of second 0
        scene.now = ChannelScene.at(2)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        let isFirstKept = scene.event("1", 1)
        #expect(scene.control(1, .pong) == [])  // for the ping of second 2
        scene.now = ChannelScene.at(3)
        let isSecondKept = scene.event("1", 2)
        #expect(isFirstKept && !isSecondKept, "taken for a copy, and that is not proven")
        #expect(scene.control(2, .pong) == [])  // for the ping of second 2
        #expect(scene.advance(.seconds(2)).contains(.ping(SocketID(2))))
        #expect(scene.control(2, .pong) == [], "the follower is read up to second 5")
        #expect(scene.machine.caughtUpAt == ChannelScene.at(2))
        var stopped = scene
        _ = stopped.machine.stop(now: scene.now)
        #expect(stopped.machine.caughtUpAt == ChannelScene.at(2))
        #expect(scene.control(1, .pong) == [], "proven: it was a copy")
        #expect(scene.machine.caughtUpAt == ChannelScene.at(5))
    }

    @Test("handshake 401 or 404 makes a new channel at once (C5)")
    func invalid() {
        var scene = ChannelScene.live()
        _ = scene.ended(1)
        _ = scene.advanceToDeadline()
        #expect(
            scene.connectFailed(2, .channelInvalid(reason: "HTTP 404"))
                == [.forget(ChannelID(1)), .awaitToken(ChannelID(2), newerThan: nil)]
        )
    }

    @Test("a result 404 closes the socket and makes a new channel (C5)")
    func gone() {
        var scene = ChannelScene.live()
        let reason = "the server does not know the channel any more"
        #expect(
            scene.control(1, .channelGone) == [
                .close(SocketID(1), reason: reason), .forget(ChannelID(1)), .awaitToken(ChannelID(2), newerThan: nil),
            ]
        )
        // What it still brings is delivered: nobody else covers it.
        #expect(scene.event("1", 1) == true)
        #expect(scene.ended(1) == [])
        scene.now = ChannelScene.at(3)
        scene.makeLive(2, socket: 2)
        #expect(scene.machine.takeGaps().map(\.cause) == [.disconnect])
    }

    @Test("a socket that is silent for 35 s is closed and dialled again; while it is held back it is not (C5, C11)")
    func silence() {
        var scene = ChannelScene.live()
        #expect(scene.machine.nextDeadline != nil)
        #expect(scene.advance(.seconds(34)) == [])
        _ = scene.control(1, .heartbeat)
        scene.machine.heldBack(SocketID(1))
        #expect(scene.advance(.seconds(100)) == [])
        scene.machine.released(SocketID(1), now: scene.now)
        #expect(scene.advance(.seconds(34)) == [])
        #expect(scene.advance(.seconds(1)) == [.close(SocketID(1), reason: "silent for too long")])
        #expect(scene.advanceToDeadline() == [.connect(ChannelID(1), SocketID(2))])
        #expect(scene.ended(1) == [])
        #expect(scene.machine.status(now: scene.now) == .recovering)
    }

    @Test("a new socket that brings neither heartbeat nor event is none (C4)")
    func neverLive() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        _ = scene.machine.created(ChannelID(1), expiresAt: nil, now: scene.now)
        _ = scene.subscribed(1, [TopicVerdict(topic: "x")])
        _ = scene.machine.connected(SocketID(1), now: scene.now)
        scene.now = ChannelScene.at(34)
        _ = scene.control(1, .pong)
        #expect(scene.advance(.seconds(1)) == [.close(SocketID(1), reason: "no heartbeat and no event")])
        #expect(scene.advanceToDeadline() == [.connect(ChannelID(1), SocketID(2))])
    }

    @Test("a socket that breaks again and again is dialled ever more rarely (C5)")
    func flapping() {
        var scene = ChannelScene.live()
        var dials = 0
        var channels = 1
        while scene.now < ChannelScene.at(3600) {
            let actions = scene.advanceToDeadline()
            for action in actions {
                switch action {
                case .connect(_, let socket):
                    dials += 1
                    _ = scene.machine.connected(socket, now: scene.now)
                    _ = scene.control(socket.number, .heartbeat)
                    _ = scene.ended(socket.number)
                case .awaitToken(let id, _):
                    channels += 1
                    scene.token(id.number, 1)
                    _ = scene.machine.created(id, expiresAt: nil, now: scene.now)
                    for action in scene.subscribed(id.number, [TopicVerdict(topic: "x")]) {
                        guard case .connect(_, let socket) = action else { continue }
                        _ = scene.connectFailed(socket.number, .unavailable(reason: ""))
                    }
                case .check(let id):
                    _ = scene.checked(id.number, isValid: true)
                case .ping, .suspect, .close, .forget, .hostIsHealthy, .markTokenBad, .awaitPlace, .releasePlace,
                    .create,
                    .subscribe, .holdOffHost, .finish:
                    break
                }
            }
            if actions.isEmpty { _ = scene.ended(1) }
            if scene.machine.nextDeadline == nil { break }
        }
        #expect(dials <= 3 * channels && channels < 80)
    }

    @Test("429 at the handshake holds the host off (C5)")
    func throttledDial() {
        var scene = ChannelScene.live()
        _ = scene.ended(1)
        _ = scene.advanceToDeadline()
        #expect(
            scene.connectFailed(2, .throttled(retryAfterSeconds: 50, reason: "HTTP 429"))
                == [.holdOffHost(retryAfterSeconds: 50)]
        )
        let next = scene.machine.nextDeadline
        #expect(next == scene.now.advanced(by: .seconds(50)))
    }

    @Test(
        "an eviction makes a new channel after a growing pause, not more than so often an hour, and readiness says so (C6)"
    )
    func eviction() throws {
        var scene = ChannelScene.live()
        var returns: [Instant] = []
        for number in 1...20 {
            _ = scene.control(number, .noLongerSubscribed(reason: "another_channel_subscribed"))
            let status = scene.machine.status(now: scene.now)
            guard case .evicted(let reason, let count) = status else {
                Issue.record("\(status)")
                return
            }
            #expect(!status.isReady && reason == "another_channel_subscribed" && count >= 1)
            _ = scene.ended(number)
            #expect(scene.advanceToDeadline().contains(.awaitToken(ChannelID(number + 1), newerThan: nil)))
            returns.append(scene.now)
            scene.makeLive(number + 1, socket: number + 1)
        }
        #expect(ChannelScene.at(0).duration(to: returns[0]) >= .seconds(10))
        for index in returns.indices.dropFirst(6) {
            #expect(returns[index - 6].duration(to: returns[index]) >= .seconds(3600))
        }
        let gaps = scene.machine.takeGaps()
        #expect(gaps.count == 20 && gaps.allSatisfy { $0.cause == .eviction })
    }

    @Test(
        "a message that cannot be read is a certain gap; dropped ones are one gap from the first to the last (C1, C2)"
    )
    func lostMessages() {
        var scene = ChannelScene.live()
        scene.now = ChannelScene.at(7)
        #expect(scene.machine.unreadableReceived(SocketID(1), now: scene.now) == [])
        scene.machine.droppingBegan(SocketID(1))
        scene.now = ChannelScene.at(9)
        _ = scene.ended(1)
        let gaps = scene.machine.takeGaps()
        #expect(gaps.map(\.cause) == [.poison, .spoolFull])
        #expect(gaps.map(\.to) == [ChannelScene.at(7), ChannelScene.at(9)])
        #expect(gaps.allSatisfy { $0.certainty == .certain && $0.from == ChannelScene.at(0) })
    }
}
