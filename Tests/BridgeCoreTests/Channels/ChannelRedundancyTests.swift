import BridgeCore
import Testing

/// Two channels with the same topics, and the order between a socket and those beside it.
@Suite("Channel machine: redundancy")
struct ChannelRedundancyTests {
    private static let policy = ChannelPolicy(
        pingInterval: .seconds(10),
        overlap: .seconds(5),
        overlapMax: .seconds(60),
        isRedundant: true
    )

    /// The first of two channels is live since second 0, and proves that.
    private static func first() -> ChannelScene {
        var scene = ChannelScene(policy: Self.policy)
        _ = scene.machine.start()
        scene.makeLive(1, socket: 1)
        _ = scene.machine.takeGaps()
        _ = scene.control(1, .pong)
        return scene
    }

    @Test("with redundancy the loss of one is no gap and no event is lost or doubled (C8)")
    func redundancy() {
        var scene = ChannelScene(policy: Self.policy)
        #expect(
            scene.machine.start()
                == [.awaitToken(ChannelID(1), newerThan: nil), .awaitToken(ChannelID(2), newerThan: nil)]
        )
        scene.makeLive(1, socket: 1)
        scene.makeLive(2, socket: 2)
        _ = scene.machine.takeGaps()
        for socket in [1, 2] { _ = scene.control(socket, .pong) }
        _ = scene.advance(.seconds(10))
        for socket in [1, 2] { _ = scene.control(socket, .pong) }
        #expect(scene.event("1", 1) && scene.event("2", 1) && !scene.event("1", 2))
        _ = scene.ended(1)
        #expect(scene.machine.status(now: scene.now) == .live)
        #expect(!scene.event("2", 2) && scene.event("3", 2))
        _ = scene.advanceToDeadline()
        _ = scene.machine.connected(SocketID(3), now: scene.now)
        _ = scene.control(3, .heartbeat)
        #expect(scene.machine.takeGaps() == [] && scene.machine.liveSocketCount == 2)
    }

    @Test("a redundant socket that becomes live has the other one pinged at once: its loss then is no gap (C8)")
    func provenAtOnce() {
        var scene = ChannelScene(policy: Self.policy)
        _ = scene.machine.start()
        scene.makeLive(1, socket: 1)
        _ = scene.machine.takeGaps()
        _ = scene.control(1, .pong)
        scene.now = ChannelScene.at(3)
        scene.makeLive(2, socket: 2)
        #expect(scene.machine.nextDeadline == scene.now)
        let due = scene.advanceToDeadline()
        #expect(due.contains(.ping(SocketID(1))))
        _ = scene.control(1, .pong)
        _ = scene.ended(1)
        _ = scene.control(2, .pong)
        #expect(scene.machine.takeGaps() == [])
    }

    @Test(
        "a socket that begins beside another hands nothing on before that one has come as far, or is lost (order-per-key)"
    )
    func joining() {
        for isLost in [false, true] {
            var scene = Self.first()
            scene.now = ChannelScene.at(3)
            scene.makeLive(2, socket: 2)
            let mayAtOnce = scene.machine.mayHandOn(SocketID(2))
            let mayFirst = scene.machine.mayHandOn(SocketID(1))
            #expect(!mayAtOnce && mayFirst)
            #expect(scene.advanceToDeadline().contains(.ping(SocketID(1))))
            if isLost { _ = scene.ended(1) } else { _ = scene.control(1, .pong) }
            let mayThen = scene.machine.mayHandOn(SocketID(2))
            #expect(mayThen)
        }
    }

    @Test(
        "a socket waits also for an earlier one that is open and not live yet: that one may have been sent more (order-per-key)"
    )
    func joiningBesideOpening() {
        var scene = Self.first()
        scene.makeLive(2, socket: 2)
        for socket in [1, 2] { _ = scene.control(socket, .pong) }
        scene.now = ChannelScene.at(1)
        _ = scene.ended(1)
        // Its channel is dialled again, and says nothing yet; then the other one's.
        while !scene.advanceToDeadline().contains(.connect(ChannelID(1), SocketID(3))) {}
        _ = scene.machine.connected(SocketID(3), now: scene.now)
        _ = scene.ended(2)
        while !scene.advanceToDeadline().contains(.connect(ChannelID(2), SocketID(4))) {}
        _ = scene.machine.connected(SocketID(4), now: scene.now)
        _ = scene.control(4, .heartbeat)
        let mayBefore = scene.machine.mayHandOn(SocketID(4))
        #expect(!mayBefore)
        scene.now = scene.now.advanced(by: .seconds(1))
        _ = scene.control(3, .heartbeat)
        _ = scene.control(3, .pong)
        _ = scene.advanceToDeadline()
        _ = scene.control(3, .pong)
        let mayThen = scene.machine.mayHandOn(SocketID(4))
        #expect(mayThen)
    }

    @Test(
        "what only a silent socket may have been sent is not waited for: what looks like it on the other one passes (C1, C3)"
    )
    func lostElder() {
        var scene = Self.first()
        scene.now = ChannelScene.at(3)
        scene.token(2, 1)
        _ = scene.machine.placeGranted(ChannelID(2))
        _ = scene.machine.created(ChannelID(2), expiresAt: ChannelScene.at(86_400), now: scene.now)
        _ = scene.subscribed(2, scene.machine.topics.map { TopicVerdict(topic: $0) })
        _ = scene.machine.connected(SocketID(2), now: scene.now)
        // Nobody can say that the second one was sent it as well.
        let isFirstKept = scene.event("1", 1)
        #expect(isFirstKept)
        scene.now = ChannelScene.at(4)
        _ = scene.control(2, .heartbeat)
        var closed = false
        while !closed, scene.now < ChannelScene.at(60) {
            let actions = scene.advance(.seconds(1))
            closed = actions.contains { if case .close(SocketID(1), _) = $0 { true } else { false } }
            if actions.contains(.ping(SocketID(2))) { _ = scene.control(2, .pong) }
        }
        #expect(closed)
        let isLikeItKept = scene.event("1", 2)
        #expect(isLikeItKept, "better twice than never")
    }
}
