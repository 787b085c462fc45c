import BridgeCore
import Testing

/// On the way to a live socket, and what can fail there.
@Suite("Channel machine: making channels")
struct ChannelMachineTests {
    @Test("token, channel, subscriptions, socket, first heartbeat: then it is live (C4)")
    func way() {
        var scene = ChannelScene(lastCaughtUp: nil)
        #expect(scene.machine.status(now: scene.now) == .idle)
        #expect(scene.machine.start() == [.awaitToken(ChannelID(1), newerThan: nil)])
        #expect(scene.machine.tokenReady(ChannelID(1), serial: 1, expiresAt: nil) == [.create(ChannelID(1))])
        let expires = ChannelScene.at(86_400)
        #expect(
            scene.machine.created(ChannelID(1), expiresAt: expires, now: scene.now)
                == [.subscribe(ChannelID(1), topics: ["x", "y"], mode: .replace)]
        )
        #expect(
            scene.subscribed(1, [TopicVerdict(topic: "x"), TopicVerdict(topic: "y")])
                == [.connect(ChannelID(1), SocketID(1))]
        )
        #expect(scene.machine.connected(SocketID(1), now: scene.now) == [.ping(SocketID(1))])
        #expect(scene.machine.status(now: scene.now) == .connecting)
        // A pong and a result come over any socket.
        #expect(scene.control(1, .pong) == [] && scene.control(1, .subscribed) == [])
        #expect(scene.machine.status(now: scene.now) == .connecting)
        scene.now = ChannelScene.at(20)
        #expect(scene.control(1, .heartbeat) == [.hostIsHealthy])
        #expect(scene.machine.status(now: scene.now) == .live)
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: nil, to: ChannelScene.at(20), cause: .missingCheckpoint, topics: ["x", "y"])
            ]
        )
    }

    @Test("an event shows that a socket is live, and by setting a pong does (C4, C11)")
    func firstSign() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        _ = scene.machine.created(ChannelID(1), expiresAt: nil, now: scene.now)
        _ = scene.subscribed(1, [TopicVerdict(topic: "x")])
        _ = scene.machine.connected(SocketID(1), now: scene.now)
        var other = scene
        #expect(scene.event("1", 1) == true)
        #expect(scene.machine.liveSocketCount == 1)
        other.machine = ChannelMachine(policy: ChannelPolicy(pongMeansLive: true), topics: ["x"], lastCaughtUp: nil)
        _ = other.machine.start()
        other.token(1, 1)
        _ = other.machine.created(ChannelID(1), expiresAt: nil, now: other.now)
        _ = other.subscribed(1, [TopicVerdict(topic: "x")])
        _ = other.machine.connected(SocketID(1), now: other.now)
        #expect(other.control(1, .pong) == [.hostIsHealthy])
    }

    @Test("a rejected topic is told, is a gap, and is asked for again; the others go on (C1, C5)")
    func rejected() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        _ = scene.machine.created(ChannelID(1), expiresAt: nil, now: scene.now)
        let verdicts = [TopicVerdict(topic: "x"), TopicVerdict(topic: "y", rejection: "no permission")]
        #expect(scene.subscribed(1, verdicts) == [.connect(ChannelID(1), SocketID(1))])
        #expect(scene.machine.rejectedTopics == ["y": "no permission"])
        let open = ChannelGap(from: ChannelScene.at(0), to: nil, cause: .unsubscribed, topics: ["y"])
        #expect(scene.machine.takeGaps() == [open])
        _ = scene.machine.connected(SocketID(1), now: scene.now)
        _ = scene.control(1, .heartbeat)
        _ = scene.machine.takeGaps()
        #expect(scene.machine.unobservedTopics == ["y"])
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(290) {
            actions += scene.advance(.seconds(10)) + scene.control(1, .heartbeat)
        }
        #expect(!actions.contains(.subscribe(ChannelID(1), topics: ["y"], mode: .add)))
        #expect(scene.advance(.seconds(10)).contains(.subscribe(ChannelID(1), topics: ["y"], mode: .add)))
        #expect(scene.subscribed(1, [TopicVerdict(topic: "y")]) == [])
        // It is observed when the socket was heard behind the answer.
        #expect(scene.machine.unobservedTopics == ["y"])
        _ = scene.advance(.seconds(5))
        _ = scene.control(1, .heartbeat)
        #expect(scene.machine.rejectedTopics == [:])
        let closed = ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(305), cause: .unsubscribed, topics: ["y"])
        #expect(scene.machine.takeGaps() == [closed])
    }

    @Test("400 and 403 are not tried again before refusedInterval, and readiness says why (C9)")
    func refused() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        #expect(scene.createFailed(1, .refused(reason: "HTTP 403")) == [.forget(ChannelID(1))])
        #expect(scene.machine.status(now: scene.now) == .refused(reason: "HTTP 403"))
        #expect(!scene.machine.status(now: scene.now).isReady)
        #expect(scene.machine.nextDeadline == ChannelScene.at(900))
        #expect(scene.advance(.seconds(899)) == [])
        #expect(scene.advance(.seconds(1)) == [.awaitToken(ChannelID(2), newerThan: nil)])
    }

    @Test("where every topic is rejected no socket is opened (C9)")
    func allRejected() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        _ = scene.machine.created(ChannelID(1), expiresAt: nil, now: scene.now)
        let verdicts = ["x", "y"].map { TopicVerdict(topic: $0, rejection: "no") }
        #expect(scene.subscribed(1, verdicts) == [.forget(ChannelID(1))])
        #expect(scene.machine.status(now: scene.now) == .refused(reason: "every topic was rejected: no"))
        let gaps = scene.machine.takeGaps()
        #expect(gaps.map(\.cause) == [.unsubscribed] && gaps.allSatisfy { $0.to == nil }, "\(gaps)")
    }

    @Test("a bad token is told once, and the next attempt waits for another (C5)")
    func unauthorized() {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 3)
        #expect(
            scene.createFailed(1, .unauthorized(reason: "HTTP 401")) == [
                .markTokenBad(serial: 3), .forget(ChannelID(1)), .awaitToken(ChannelID(2), newerThan: 3),
            ]
        )
        scene.token(2, 4)
        // A second one in a row waits.
        #expect(
            scene.createFailed(2, .unauthorized(reason: "HTTP 401")) == [
                .markTokenBad(serial: 4), .forget(ChannelID(2)),
            ]
        )
        #expect(scene.advanceToDeadline() == [.awaitToken(ChannelID(3), newerThan: 4)])
        #expect(scene.now >= ChannelScene.at(1))
    }

    @Test("429 holds the next attempt back for as long as the server asks, 5xx for a growing pause (C9)")
    func throttled() throws {
        var scene = ChannelScene()
        _ = scene.machine.start()
        scene.token(1, 1)
        _ = scene.createFailed(1, .throttled(retryAfterSeconds: 40, reason: "HTTP 429"))
        #expect(scene.machine.nextDeadline == ChannelScene.at(40))
        _ = scene.advance(.seconds(40))
        var last = Duration.zero
        for channel in 2...7 {
            scene.token(channel, 1)
            _ = scene.createFailed(channel, .unavailable(reason: "HTTP 503"))
            let pause = scene.now.duration(to: try #require(scene.machine.nextDeadline))
            #expect(pause > last / 2 && pause <= .seconds(120))
            last = pause
            #expect(scene.advanceToDeadline() == [.awaitToken(ChannelID(channel + 1), newerThan: nil)])
        }
        #expect(last > .seconds(30))
    }

    @Test("what comes for a channel that was given up changes nothing (no-dead-wait)")
    func stale() {
        var scene = ChannelScene.live()
        let before = scene.machine.liveSocketCount
        #expect(scene.machine.created(ChannelID(99), expiresAt: nil, now: scene.now) == [.forget(ChannelID(99))])
        #expect(scene.subscribed(99, []) == [] && scene.checked(99, isValid: true) == [])
        #expect(scene.connectFailed(99, .unavailable(reason: "")) == [] && scene.ended(99) == [])
        #expect(
            scene.machine.connected(SocketID(99), now: scene.now) == [.close(SocketID(99), reason: "no longer needed")]
        )
        #expect(scene.event("1", 99) == false)
        #expect(scene.machine.liveSocketCount == before)
    }

    @Test(
        "stop closes every socket and ends when they are gone; the restart begins its gap where this one had caught up (C1)"
    )
    func stop() {
        var scene = ChannelScene.live()
        _ = scene.advance(.seconds(20))
        #expect(scene.machine.caughtUpAt == ChannelScene.at(0))
        #expect(
            scene.machine.stop(now: scene.now)
                == [.close(SocketID(1), reason: "no longer needed"), .forget(ChannelID(1))]
        )
        #expect(scene.machine.status(now: scene.now) == .stopping && scene.machine.nextDeadline == nil)
        #expect(scene.ended(1) == [.finish])
        #expect(scene.machine.status(now: scene.now) == .finished && scene.machine.takeGaps() == [])
        #expect(scene.machine.stop(now: scene.now) == [])
    }

    @Test("a channel that seems to have ended before it was made lives as long as one without an end (C4)")
    func wrongClock() {
        var scene = ChannelScene.live(policy: ChannelPolicy(pingInterval: .seconds(1000)), expiresIn: .seconds(-60))
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(3600) { actions += scene.advance(.seconds(5)) + scene.control(1, .heartbeat) }
        #expect(actions == [], "\(actions)")
    }
}
