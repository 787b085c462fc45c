import BridgeCore
import Testing

/// Make before break, and changes of what is wanted.
@Suite("Channel machine: rollovers")
struct ChannelRolloverTests {
    private static let policy = ChannelPolicy(
        pingInterval: .seconds(10),
        overlap: .seconds(5),
        overlapMax: .seconds(60)
    )

    @Test(
        "before the channel ends another is live, both are read until the old one has caught up, and there is no gap (C4)"
    )
    func expiry() {
        var scene = ChannelScene.live(policy: Self.policy, expiresIn: .seconds(3600))
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(2990) {
            actions += scene.advance(.seconds(10)) + scene.control(1, .heartbeat)
        }
        #expect(actions.allSatisfy { $0 == .ping(SocketID(1)) || $0 == .hostIsHealthy })
        #expect(scene.advance(.seconds(10)).contains(.awaitToken(ChannelID(2), newerThan: nil)))
        #expect(
            scene.machine.tokenReady(ChannelID(2), serial: 1, expiresAt: nil) == [.awaitPlace(ChannelID(2))]
        )
        #expect(scene.machine.placeGranted(ChannelID(2)) == [.create(ChannelID(2))])
        _ = scene.machine.created(ChannelID(2), expiresAt: ChannelScene.at(90_000), now: scene.now)
        _ = scene.subscribed(2, [TopicVerdict(topic: "x"), TopicVerdict(topic: "y")])
        _ = scene.machine.connected(SocketID(2), now: scene.now)
        #expect(scene.event("1", 1) && !scene.event("1", 2))
        #expect(scene.machine.liveSocketCount == 2 && scene.machine.isRollingOver)
        #expect(scene.event("2", 2) && !scene.event("2", 1))
        #expect(scene.machine.takeGaps() == [])
    }

    @Test(
        "socket_closing brings the follower at once; the old socket is closed when it has caught up and the overlap is over (C4)"
    )
    func closing() {
        var scene = ChannelScene.live(policy: Self.policy)
        #expect(scene.control(1, .pong) == [])  // for the ping of second 0
        scene.now = ChannelScene.at(5)
        #expect(scene.control(1, .socketClosing) == [.awaitToken(ChannelID(2), newerThan: nil)])
        #expect(scene.control(1, .socketClosing) == [])
        scene.now = ChannelScene.at(7)
        #expect(scene.makeLive(2, socket: 2) == [.hostIsHealthy, .ping(SocketID(1))])
        scene.now = ChannelScene.at(13)
        #expect(scene.machine.nextDeadline.map { $0 > ChannelScene.at(12) } == true)
        #expect(scene.control(1, .pong) == [], "the follower has not shown that it has come as far")
        #expect(scene.proveFollower(2).last == .ping(SocketID(2)))
        #expect(
            scene.control(2, .pong) == [
                .close(SocketID(1), reason: "another one is live"), .forget(ChannelID(1)),
                .releasePlace(ChannelID(2)),
            ]
        )
        // What comes behind the close came on the other one, too.
        #expect(!scene.event("1", 1) && scene.event("1", 2))
        #expect(scene.ended(1) == [] && scene.machine.takeGaps() == [])
        #expect(scene.machine.liveSocketCount == 1 && !scene.machine.isRollingOver)
    }

    @Test("the overlap lasts its time although the old socket has caught up sooner (C4, C11)")
    func overlap() {
        var scene = ChannelScene.live(policy: Self.policy)
        _ = scene.control(1, .pong)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        #expect(scene.control(1, .pong) == [])
        #expect(scene.proveFollower(2) == [.ping(SocketID(2))])
        #expect(scene.control(2, .pong) == [])
        #expect(scene.machine.nextDeadline == ChannelScene.at(5))
        #expect(scene.advance(.seconds(5)).first == .close(SocketID(1), reason: "another one is live"))
        #expect(scene.machine.takeGaps() == [])
    }

    @Test(
        "while copies are in doubt the old socket is asked again soon, whatever the ping interval (C3, C4)",
        arguments: [true, false]
    )
    func doubt(isProvenFirst: Bool) {
        var scene = ChannelScene.live(policy: ChannelPolicy(pingInterval: .seconds(60), overlap: .seconds(2)))
        #expect(scene.control(1, .pong) == [])  // for the ping of second 0
        scene.now = ChannelScene.at(5)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        // Nobody can say that the second one was sent this event, too: what comes there may be another one.
        let isFirstKept = scene.event("1", 1)
        // The pong for the ping of second 5 says nothing of second 6.
        if isProvenFirst { #expect(scene.control(1, .pong) == []) }
        scene.now = ChannelScene.at(6)
        let isSecondKept = scene.event("1", 2)
        #expect(isFirstKept && !isSecondKept)
        if !isProvenFirst { #expect(scene.control(1, .pong) == []) }
        #expect(scene.advance(.seconds(1)).last == .ping(SocketID(1)))
        var actions = scene.control(1, .pong)
        // Where the old one had caught up in second 5, the follower had as well.
        if !isProvenFirst {
            #expect(actions == [])
            #expect(scene.proveFollower(2) == [.ping(SocketID(2))])
            actions = scene.control(2, .pong)
        }
        #expect(actions.first == .close(SocketID(1), reason: "another one is live"))
        #expect(scene.machine.takeGaps() == [])
    }

    @Test("the old socket stays until its follower has brought the copies, or they would pass behind its end (C3, C4)")
    func lateCopies() {
        var scene = ChannelScene.live(policy: ChannelPolicy(pingInterval: .seconds(60), overlap: .seconds(1)))
        #expect(scene.control(1, .pong) == [])  // for the ping of second 0
        scene.now = ChannelScene.at(5)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        // Both were sent it, but that is not proven: the ping of second 5 is not answered yet.
        let isFirstKept = scene.event("1", 1)
        scene.now = ChannelScene.at(7)
        #expect(scene.control(1, .pong) == [], "caught up, and the overlap is over")
        #expect(scene.proveFollower(2) == [.ping(SocketID(2))])
        let isCopyKept = scene.event("1", 2)
        #expect(isFirstKept && !isCopyKept)
        // It was sent after the old one had caught up: the ping that asks for it comes soon.
        #expect(scene.control(2, .pong) == [])
        #expect(scene.advance(.seconds(1)) == [.ping(SocketID(2)), .ping(SocketID(1))])
        #expect(scene.control(1, .pong).first == .close(SocketID(1), reason: "another one is live"))
        #expect(scene.machine.takeGaps() == [])
    }

    @Test("it stays also for an event that looks like one of before, which came behind its proof (C3, C4)")
    func lateLikeCopies() {
        var scene = ChannelScene.live(policy: ChannelPolicy(pingInterval: .seconds(60), overlap: .seconds(1)))
        #expect(scene.control(1, .pong) == [])  // for the ping of second 0
        scene.now = ChannelScene.at(5)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        let isFirstKept = scene.event("1", 1)
        scene.now = ChannelScene.at(6)
        #expect(scene.control(1, .pong) == [], "caught up, and the overlap is over")
        #expect(scene.proveFollower(2) == [.ping(SocketID(2))])
        scene.now = ChannelScene.at(7)
        let isSecondKept = scene.event("1", 1)
        #expect(isFirstKept && isSecondKept)
        scene.now = ChannelScene.at(8)
        #expect(scene.control(2, .pong) == [], "it has come as far as the proof, and not as far as the second event")
        let isCopyKept = scene.event("1", 2)
        let isSecondCopyKept = scene.event("1", 2)
        #expect(!isCopyKept && !isSecondCopyKept)
        // The old one says that it brings no third.
        #expect(scene.advance(.seconds(1)) == [.ping(SocketID(2)), .ping(SocketID(1))])
        #expect(scene.control(1, .pong).first == .close(SocketID(1), reason: "another one is live"))
        #expect(scene.machine.takeGaps() == [])
    }

    @Test("a pong of a socket that was not read for long proves nothing of what came behind its own ping (C1)")
    func latePongs() {
        let policy = ChannelPolicy(pingInterval: .seconds(1), redialsMax: 0)
        var scene = ChannelScene.live(policy: policy)
        // Nobody reads it: its pongs pile up.
        scene.machine.heldBack(SocketID(1))
        var sent = [ChannelScene.at(0)]
        while scene.now < ChannelScene.at(30) {
            if scene.advance(.seconds(1)).contains(.ping(SocketID(1))) { sent.append(scene.now) }
        }
        scene.machine.released(SocketID(1), now: scene.now)
        // Those that were sent are answered, in order; between two answers more pings go out.
        let late = sent
        for (number, ping) in late.enumerated() {
            _ = scene.control(1, .pong)
            #expect(scene.machine.caughtUpAt.map { $0 <= ping } == true, "pong \(number) of the ping of \(ping)")
            _ = scene.advance(.milliseconds(1_500))
        }
        #expect(late.count > 1)
    }

    @Test("an old socket that does not catch up is closed at last, and that is a gap (C1, C4)")
    func noProof() {
        var scene = ChannelScene.live(policy: Self.policy)
        scene.now = ChannelScene.at(5)
        _ = scene.control(1, .socketClosing)
        scene.makeLive(2, socket: 2)
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(64) {
            actions += scene.advance(.seconds(1)) + scene.control(1, .heartbeat) + scene.control(2, .heartbeat)
        }
        #expect(actions.allSatisfy { $0 == .ping(SocketID(1)) || $0 == .ping(SocketID(2)) })
        #expect(scene.advance(.seconds(1)).first == .close(SocketID(1), reason: "another one is live"))
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(5), cause: .rollover, topics: ["x", "y"])
            ]
        )
    }

    @Test("a new token brings a follower with it, and a token that ends one that is newer (C4)")
    func tokens() {
        var scene = ChannelScene.live(policy: Self.policy)
        #expect(scene.machine.tokenChanged(serial: 2) == [.awaitToken(ChannelID(2), newerThan: 1)])
        var ending = ChannelScene.live(policy: Self.policy, tokenExpiresIn: .seconds(300))
        var actions: [ChannelAction] = []
        while ending.now < ChannelScene.at(230) {
            actions += ending.advance(.seconds(5)) + ending.control(1, .heartbeat)
        }
        #expect(actions.contains(.awaitToken(ChannelID(2), newerThan: 1)))
    }

    @Test("a revoked token is told, and the follower has another (C4)")
    func revoked() {
        var scene = ChannelScene.live(policy: Self.policy)
        #expect(
            scene.control(1, .tokenRevoked)
                == [.markTokenBad(serial: 1), .awaitToken(ChannelID(2), newerThan: 1)]
        )
    }

    @Test("the follower's trouble leaves the living socket alone, and it tries again (C4)")
    func successorFails() {
        var scene = ChannelScene.live(policy: Self.policy)
        _ = scene.control(1, .socketClosing)
        scene.token(2, 1)
        _ = scene.machine.placeGranted(ChannelID(2))
        #expect(
            scene.createFailed(2, .unavailable(reason: "HTTP 503"))
                == [.forget(ChannelID(2)), .releasePlace(ChannelID(2))]
        )
        #expect(scene.machine.status(now: scene.now) == .live)
        #expect(scene.advance(.seconds(3)).contains(.awaitToken(ChannelID(3), newerThan: nil)))
        // The living one goes before it is there: it goes on as the only one.
        scene.token(3, 1)
        #expect(scene.ended(1) == [.forget(ChannelID(1)), .releasePlace(ChannelID(3)), .create(ChannelID(3))])
        scene.makeLive(3, socket: 2)
        #expect(scene.machine.takeGaps().map(\.cause) == [.disconnect])
    }

    @Test("its own follower's subscription is no eviction (C6)")
    func ownEviction() {
        var scene = ChannelScene.live(policy: Self.policy)
        _ = scene.control(1, .socketClosing)
        scene.token(2, 1)
        _ = scene.machine.placeGranted(ChannelID(2))
        _ = scene.machine.created(ChannelID(2), expiresAt: nil, now: scene.now)
        let actions = scene.control(1, .noLongerSubscribed(reason: "another_channel_subscribed"))
        #expect(
            actions == [
                .close(SocketID(1), reason: "no longer subscribed"), .forget(ChannelID(1)),
                .releasePlace(ChannelID(2)),
            ]
        )
        #expect(scene.machine.status(now: scene.now) == .recovering)
    }

    @Test("topics change beside the living socket, without a new channel (C7, C10)")
    func topics() {
        var scene = ChannelScene.live()
        scene.now = ChannelScene.at(10)
        #expect(
            scene.machine.topicsChanged(["x", "y", "z"], now: scene.now)
                == [.subscribe(ChannelID(1), topics: ["z"], mode: .add)]
        )
        // What changes meanwhile waits for the answer.
        #expect(scene.machine.topicsChanged(["y", "z"], now: scene.now) == [])
        scene.now = ChannelScene.at(11)
        #expect(
            scene.subscribed(1, [TopicVerdict(topic: "z")])
                == [.subscribe(ChannelID(1), topics: ["y", "z"], mode: .replace)]
        )
        _ = scene.control(1, .heartbeat)
        #expect(scene.machine.unobservedTopics == [])
        #expect(scene.subscribed(1, [TopicVerdict(topic: "y"), TopicVerdict(topic: "z")]) == [])
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(10), to: ChannelScene.at(11), cause: .unsubscribed, topics: ["z"])
            ]
        )
        #expect(scene.machine.topicsChanged(["y", "z"], now: scene.now) == [])
    }

    @Test(
        "what goes and comes back on the same socket is a gap from the last proof until it is observed again (C1, C10)"
    )
    func comesBack() {
        var scene = ChannelScene.live()
        scene.now = ChannelScene.at(10)
        _ = scene.machine.topicsChanged(["x"], now: scene.now)
        #expect(scene.subscribed(1, [TopicVerdict(topic: "x")]) == [])
        var proven = scene
        scene.now = ChannelScene.at(20)
        let again = [ChannelAction.subscribe(ChannelID(1), topics: ["y"], mode: .add)]
        #expect(scene.machine.topicsChanged(["x", "y"], missedSince: ChannelScene.at(15), now: scene.now) == again)
        _ = scene.subscribed(1, [TopicVerdict(topic: "y")])
        scene.now = ChannelScene.at(21)
        _ = scene.control(1, .heartbeat)
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(21), cause: .unsubscribed, topics: ["y"])
            ]
        )
        #expect(scene.machine.unobservedTopics == [])
        // Here it was known to have been observed to its end before it came back.
        _ = proven.machine.readerCaughtUp(SocketID(1), at: ChannelScene.at(46), now: ChannelScene.at(46))
        #expect(proven.machine.unobservedTopics == [] && proven.machine.takeGaps() == [])
        proven.now = ChannelScene.at(50)
        #expect(proven.machine.topicsChanged(["x", "y"], missedSince: ChannelScene.at(47), now: proven.now) == again)
        #expect(proven.machine.unobservedTopics == ["y"])
        _ = proven.subscribed(1, [TopicVerdict(topic: "y")])
        proven.now = ChannelScene.at(51)
        _ = proven.control(1, .heartbeat)
        let gaps = [(47, 50), (50, 51)].map { from, to in
            ChannelGap(from: ChannelScene.at(from), to: ChannelScene.at(to), cause: .unsubscribed, topics: ["y"])
        }
        #expect(proven.machine.takeGaps() == gaps)
    }

    @Test("a topic that is wanted again before the server was asked to leave it out has never been away (C10)")
    func neverAway() {
        var scene = ChannelScene.live()
        _ = scene.machine.topicsChanged(["x", "y", "z"], now: scene.now)
        _ = scene.machine.topicsChanged(["x", "z"], now: scene.now)  // the answer about z is awaited
        _ = scene.machine.topicsChanged(["x", "y", "z"], now: scene.now)
        #expect(scene.subscribed(1, [TopicVerdict(topic: "z")]) == [])
        _ = scene.control(1, .heartbeat)
        #expect(scene.machine.takeGaps() == [] && scene.machine.unobservedTopics == [])
    }

    @Test(
        "a change of which nobody knows whether it was carried out is said as a whole, and what it left out is not observed (C1)"
    )
    func unknownOutcome() {
        var scene = ChannelScene.live()
        scene.now = ChannelScene.at(10)
        _ = scene.control(1, .pong)
        _ = scene.machine.topicsChanged(["x"], now: scene.now)
        #expect(scene.subscribeFailed(1, .unavailable(reason: "no answer")) == [])
        var other = scene
        #expect(scene.machine.topicsChanged(["x", "y"], now: scene.now) == [], "after a pause")
        #expect(scene.machine.unobservedTopics == ["y"])
        let all = [TopicVerdict(topic: "x"), TopicVerdict(topic: "y")]
        #expect(scene.advance(.seconds(3)).contains(.subscribe(ChannelID(1), topics: ["x", "y"], mode: .replace)))
        #expect(scene.subscribed(1, all) == [])
        _ = scene.control(1, .heartbeat)
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(13), cause: .unsubscribed, topics: ["y"])
            ]
        )
        #expect(scene.machine.unobservedTopics == [])
        // Where it is not wanted again, the server is asked once more to leave it out.
        #expect(other.advance(.seconds(3)).contains(.subscribe(ChannelID(1), topics: ["x"], mode: .replace)))
        #expect(other.subscribed(1, [TopicVerdict(topic: "x")]) == [] && other.machine.takeGaps() == [])
        #expect(
            other.machine.topicsChanged(["x", "z"], now: other.now).first
                == .subscribe(ChannelID(1), topics: ["z"], mode: .add)
        )
    }

    @Test("a change that fails is tried again, and one of a channel that is gone brings a follower (C5, C9)")
    func topicsFail() {
        var scene = ChannelScene.live()
        _ = scene.machine.topicsChanged(["x", "y", "z"], now: scene.now)
        #expect(scene.subscribeFailed(1, .unavailable(reason: "HTTP 503")) == [])
        let again = scene.advance(.seconds(3))
        #expect(again.contains(.subscribe(ChannelID(1), topics: ["z"], mode: .add)))
        var other = scene
        #expect(scene.subscribeFailed(1, .gone(reason: "HTTP 404")) == [.awaitToken(ChannelID(2), newerThan: nil)])
        #expect(other.subscribeFailed(1, .refused(reason: "HTTP 400")) == [])
        #expect(other.machine.rejectedTopics == ["z": "HTTP 400"])
        #expect(other.machine.takeGaps().map(\.to) == [nil])
        #expect(other.advance(.seconds(30)) == [])
    }

    @Test("where nothing is wanted any more the sockets are closed, and what is wanted again begins anew (C10)")
    func nothingWanted() {
        var scene = ChannelScene.live()
        #expect(
            scene.machine.topicsChanged([], now: scene.now).first == .close(SocketID(1), reason: "no longer needed")
        )
        #expect(scene.machine.status(now: scene.now) == .idle && scene.machine.nextDeadline == nil)
        #expect(scene.ended(1) == [])
        #expect(scene.machine.topicsChanged(["q"], now: scene.now) == [.awaitToken(ChannelID(2), newerThan: nil)])
    }
}
