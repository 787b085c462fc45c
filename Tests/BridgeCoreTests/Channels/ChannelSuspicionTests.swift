import BridgeCore
import Testing

/// A server that answers pings, and leaves one without an answer.
@Suite("Channel machine: missing answers")
struct ChannelSuspicionTests {
    private static let policy = ChannelPolicy(
        silenceLimit: .seconds(35),
        pingInterval: .seconds(15),
        pongTimeout: .seconds(10),
        overlap: .seconds(5)
    )
    private static let suspected: [ChannelAction] = [
        .suspect(SocketID(1)), .awaitToken(ChannelID(2), newerThan: nil),
    ]

    /// Answered at second 0; pinged at second 15, and again never.
    private static func unanswered(_ policy: ChannelPolicy = Self.policy) -> ChannelScene {
        var scene = ChannelScene.live(policy: policy)
        _ = scene.control(1, .pong)
        #expect(scene.advance(.seconds(15)) == [.ping(SocketID(1))])
        return scene
    }

    @Test("what it sent since the last answer may be missing: another channel follows, and the time is a gap (C1, C4)")
    func followed() {
        var scene = Self.unanswered()
        scene.now = ChannelScene.at(24)
        // It goes on, which shows nothing of what was before.
        let isKept = scene.event("1", 1)
        #expect(isKept && scene.control(1, .heartbeat) == [])
        #expect(scene.machine.nextDeadline == ChannelScene.at(25))
        #expect(scene.advanceToDeadline() == Self.suspected)
        #expect(scene.machine.takeGaps() == [], "an answer may come yet")
        scene.now = ChannelScene.at(28)
        let actions = scene.makeLive(2, socket: 2)
        #expect(actions.contains(.close(SocketID(1), reason: "a ping was not answered, and another one is live")))
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(28), cause: .disconnect, topics: ["x", "y"])
            ]
        )
        // Both have it; the new one alone is heard.
        let (isLateKept, isNewKept) = (scene.event("2", 1), scene.event("2", 2))
        #expect(!isLateKept && isNewKept)
    }

    @Test("one that has a follower already is closed: what it dropped the follower brings, in order (C1, C4)")
    func retiring() {
        var scene = Self.unanswered()
        scene.now = ChannelScene.at(16)
        _ = scene.control(1, .socketClosing)
        scene.now = ChannelScene.at(18)
        scene.makeLive(2, socket: 2)
        _ = scene.control(2, .pong)
        var mayHandOn = scene.machine.mayHandOn(SocketID(2))
        #expect(!mayHandOn)
        scene.now = ChannelScene.at(24)
        #expect(scene.machine.nextDeadline == ChannelScene.at(25))
        let reason = "a ping was not answered, and another one is live"
        #expect(scene.advanceToDeadline().contains(.close(SocketID(1), reason: reason)))
        mayHandOn = scene.machine.mayHandOn(SocketID(2))
        #expect(mayHandOn && scene.machine.liveSocketCount == 1)
        let isLateKept = scene.event("2", 1)
        #expect(!isLateKept)
        #expect(
            scene.machine.takeGaps() == [
                ChannelGap(from: ChannelScene.at(0), to: ChannelScene.at(18), cause: .disconnect, topics: ["x", "y"])
            ]
        )
    }

    @Test("an answer that comes late proves all the same: no gap, and the follower follows as any other (C1, C4)")
    func late() {
        var scene = Self.unanswered()
        #expect(scene.advance(.seconds(10)) == Self.suspected)
        scene.now = ChannelScene.at(27)
        _ = scene.control(1, .pong)
        scene.now = ChannelScene.at(30)
        scene.makeLive(2, socket: 2)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(15) && scene.machine.liveSocketCount == 2)
        _ = scene.control(1, .pong)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(30) && scene.machine.takeGaps() == [])
    }

    @Test("no second ping is sent before the answer, for that would be taken for one to the first (C1)")
    func oneAtATime() {
        var scene = Self.unanswered()
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(60) { actions += scene.advance(.seconds(1)) + scene.control(1, .heartbeat) }
        #expect(actions.contains(.suspect(SocketID(1))) && !actions.contains(.ping(SocketID(1))))
        #expect(scene.machine.caughtUpAt == ChannelScene.at(0))
        // An emptied socket proves nothing either where the answer is missing.
        _ = scene.machine.readerCaughtUp(SocketID(1), at: scene.now, now: scene.now)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(0))
    }

    @Test("while nobody reads the socket no answer is missing, and pings go on; all of them have to be answered (C1)")
    func heldBack() {
        var scene = Self.unanswered()
        scene.machine.heldBack(SocketID(1))
        #expect(scene.advance(.seconds(20)) == [.ping(SocketID(1))])
        #expect(scene.advance(.seconds(20)) == [.ping(SocketID(1))])
        scene.machine.released(SocketID(1), now: scene.now)
        // Of three one is not answered: what was sent with it may be missing, whatever the others say.
        _ = scene.control(1, .pong) + scene.control(1, .pong)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(0))
        #expect(scene.advance(.seconds(9)) == [])
        #expect(scene.advance(.seconds(1)) == Self.suspected)
    }

    @Test("where the process itself stood still, what has arrived is read before anything is missing (C1, C5)")
    func stoodStill() {
        var scene = Self.unanswered()
        scene.now = ChannelScene.at(100)
        scene.machine.stoodStill(now: scene.now)
        #expect(scene.advance(.zero) == [])
        #expect(scene.advance(.seconds(9)) == [])
        _ = scene.control(1, .pong)
        #expect(scene.machine.caughtUpAt == ChannelScene.at(15))
        var unread = Self.unanswered()
        unread.now = ChannelScene.at(100)
        unread.machine.stoodStill(now: unread.now)
        #expect(unread.advance(.seconds(10)) == Self.suspected)
    }

    @Test("a server that never answers is not suspected (C1)")
    func neverAnswered() {
        var scene = ChannelScene.live(policy: Self.policy)
        var actions: [ChannelAction] = []
        while scene.now < ChannelScene.at(600) { actions += scene.advance(.seconds(5)) + scene.control(1, .heartbeat) }
        #expect(actions == [] && scene.machine.takeGaps() == [])
    }

    @Test("a slow server is not taken for one that drops: the time grows with what answers take (C1)")
    func slow() {
        var scene = Self.unanswered()
        #expect(scene.advance(.seconds(9)) == [])
        _ = scene.control(1, .pong)
        #expect(scene.advance(.zero) == [])
        #expect(scene.advance(.seconds(6)) == [.ping(SocketID(1))])
        #expect(scene.advance(.seconds(17)) == [])
        #expect(scene.advance(.seconds(1)) == Self.suspected)
    }

    @Test("a server that answers the first ping of each socket alone is followed no more than so often an hour (C6)")
    func capped() {
        var scene = ChannelScene.live(policy: Self.policy)
        var (channel, followed) = (1, [Instant]())
        _ = scene.control(1, .pong)
        while scene.now < ChannelScene.at(3 * 3600) {
            for action in scene.advance(.seconds(1)) + scene.control(channel, .heartbeat) {
                guard case .awaitToken(let id, _) = action else { continue }
                #expect(id.number == channel + 1)
                channel = id.number
                followed.append(scene.now)
                scene.makeLive(channel, socket: channel)
                _ = scene.control(channel, .pong)
            }
        }
        #expect(followed.count == 18)
        for index in followed.indices.dropFirst(6) {
            #expect(followed[index - 6].duration(to: followed[index]) >= .seconds(3600))
        }
    }
}
