import BridgeCore
import Testing

/// A machine, a clock and a seed; a server that does what it is told.
struct ChannelScene {
    var machine: ChannelMachine
    var now = Instant(nanoseconds: 0)
    var random = SeededGenerator(seed: 7)

    init(
        _ topics: [String] = ["x", "y"],
        policy: ChannelPolicy = ChannelPolicy(pingInterval: .seconds(1000)),
        lastCaughtUp: Instant? = Instant(nanoseconds: 0)
    ) {
        self.machine = ChannelMachine(policy: policy, topics: topics, lastCaughtUp: lastCaughtUp)
    }

    /// A machine that is live on channel 1 and socket 1 since second 0, with nothing to record.
    static func live(
        _ topics: [String] = ["x", "y"],
        policy: ChannelPolicy = ChannelPolicy(pingInterval: .seconds(1000)),
        expiresIn: Duration = .seconds(86_400),
        tokenExpiresIn: Duration? = nil
    ) -> ChannelScene {
        var scene = ChannelScene(topics, policy: policy)
        #expect(scene.machine.start() == [.awaitToken(ChannelID(1), newerThan: nil)])
        scene.makeLive(1, socket: 1, expiresIn: expiresIn, tokenExpiresIn: tokenExpiresIn)
        _ = scene.machine.takeGaps()
        return scene
    }

    /// Goes from the token to the first heartbeat of a channel. Returns what the heartbeat leads to.
    @discardableResult
    mutating func makeLive(
        _ channel: Int,
        socket: Int,
        token: Int = 1,
        expiresIn: Duration = .seconds(86_400),
        tokenExpiresIn: Duration? = nil
    ) -> [ChannelAction] {
        self.token(channel, token, expiresIn: tokenExpiresIn)
        _ = self.machine.placeGranted(ChannelID(channel))
        _ = self.machine.created(ChannelID(channel), expiresAt: self.now.advanced(by: expiresIn), now: self.now)
        let verdicts = self.machine.topics.map { TopicVerdict(topic: $0) }
        #expect(self.subscribed(channel, verdicts) == [.connect(ChannelID(channel), SocketID(socket))])
        #expect(self.machine.connected(SocketID(socket), now: self.now) == [.ping(SocketID(socket))])
        return self.control(socket, .heartbeat)
    }

    mutating func advance(_ duration: Duration) -> [ChannelAction] {
        self.now = self.now.advanced(by: duration)
        return self.machine.deadlineReached(now: self.now, random: &self.random)
    }

    /// Answers the ping of a follower's beginning, and says what is due: another one, where the old socket has caught up.
    mutating func proveFollower(_ socket: Int) -> [ChannelAction] {
        #expect(self.control(socket, .pong) == [])
        return self.machine.deadlineReached(now: self.now, random: &self.random)
    }

    /// Moves the clock to the next deadline and says what is due.
    mutating func advanceToDeadline() -> [ChannelAction] {
        guard let next = self.machine.nextDeadline else { return [] }
        self.now = max(self.now, next)
        return self.machine.deadlineReached(now: self.now, random: &self.random)
    }

    mutating func token(_ channel: Int, _ serial: Int, expiresIn: Duration? = nil) {
        _ = self.machine.tokenReady(
            ChannelID(channel),
            serial: serial,
            expiresAt: expiresIn.map { self.now.advanced(by: $0) }
        )
    }

    mutating func control(_ socket: Int, _ control: ChannelControl) -> [ChannelAction] {
        self.machine.controlReceived(SocketID(socket), control, now: self.now, random: &self.random)
    }

    mutating func subscribed(_ channel: Int, _ verdicts: [TopicVerdict]) -> [ChannelAction] {
        self.machine.subscribed(ChannelID(channel), verdicts, now: self.now, random: &self.random)
    }

    mutating func subscribeFailed(_ channel: Int, _ failure: ChannelFailure) -> [ChannelAction] {
        self.machine.subscribeFailed(ChannelID(channel), failure, now: self.now, random: &self.random)
    }

    mutating func createFailed(_ channel: Int, _ failure: ChannelFailure) -> [ChannelAction] {
        self.machine.createFailed(ChannelID(channel), failure, now: self.now, random: &self.random)
    }

    mutating func connectFailed(_ socket: Int, _ failure: ChannelDialFailure) -> [ChannelAction] {
        self.machine.connectFailed(SocketID(socket), failure, now: self.now, random: &self.random)
    }

    mutating func ended(_ socket: Int) -> [ChannelAction] {
        self.machine.ended(SocketID(socket), reason: "closed", now: self.now, random: &self.random)
    }

    mutating func checked(_ channel: Int, isValid: Bool) -> [ChannelAction] {
        self.machine.checked(ChannelID(channel), isValid: isValid, now: self.now, random: &self.random)
    }

    /// An event comes. Returns whether it is handed on.
    mutating func event(_ body: String, _ socket: Int) -> Bool {
        var batch = Self.batch([body])
        let outcome = self.machine.received(&batch, from: SocketID(socket), now: self.now)
        #expect(batch.batch.events.count + outcome.copies == 1)
        return outcome.copies == 0
    }

    /// A batch of events of the topic `x` with these bodies.
    static func batch(_ bodies: [String]) -> ChannelBatch {
        var bytes = Array("x".utf8)
        var events: [NotificationEvent] = []
        var matches: [ChannelBatch.Match] = []
        for body in bodies {
            let range = ByteRange(offset: UInt32(bytes.count), length: UInt32(body.utf8.count))
            bytes += body.utf8
            events.append(
                NotificationEvent(
                    value: range,
                    id: range,
                    idIsDerived: true,
                    name: nil,
                    resourceID: nil,
                    time: nil,
                    timeMilliseconds: nil
                )
            )
            matches.append(ChannelBatch.Match(topic: ByteRange(offset: 0, length: 1), body: range))
        }
        let batch = NotificationBatch(
            bytes: MessageBytes(bytes),
            events: events,
            position: nil,
            batchID: nil,
            endsMessage: true
        )
        return ChannelBatch(batch, matches: matches)
    }

    static func at(_ seconds: Int) -> Instant { Instant(nanoseconds: Int64(seconds) * 1_000_000_000) }
}
