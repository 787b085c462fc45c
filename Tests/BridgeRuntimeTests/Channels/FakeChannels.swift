import Synchronization

@testable import BridgeCore

/// A platform whose channels bring numbered events to whoever listens, and forget what nobody hears.
final class FakeChannels: ChannelService, ChannelSource, AccessTokenProvider {
    private struct State {
        var channels = 0
        var topics: [[String]] = []
        var next = 0
        var open: [FakeChannelConnection] = []
        var token = 1
        var tokensRefused: Set<Int>
    }

    private let state: Mutex<State>

    /// A platform that refuses these tokens, by their serial.
    init(refusingTokens serials: Set<Int> = []) {
        self.state = Mutex(State(tokensRefused: serials))
    }

    /// Channels made so far.
    var channelCount: Int { self.state.withLock { $0.channels } }
    /// What was subscribed, call by call.
    var subscribed: [[String]] { self.state.withLock { $0.topics } }
    /// Whether somebody listens.
    var isHeard: Bool { self.state.withLock { !$0.open.isEmpty } }

    /// Whether everything that was sent is in safe hands: whoever listens waits for more.
    var isRead: Bool { self.state.withLock { $0.open.allSatisfy(\.isIdle) } }

    /// Sends so many events to every open socket, each with so many bytes that belong to nothing.
    func publish(_ count: Int, padding byteCount: Int = 0) {
        let (numbers, open) = self.state.withLock { state in
            defer { state.next += count }
            return (state.next..<state.next + count, state.open)
        }
        for connection in open {
            for number in numbers { connection.bring(.events(Self.batch(number, padding: byteCount))) }
        }
    }

    /// Says something on every open socket.
    func say(_ control: ChannelControl) {
        for connection in self.state.withLock({ $0.open }) { connection.bring(.control(control)) }
    }

    /// Cuts every socket.
    func cut() {
        let open = self.state.withLock { state in
            defer { state.open = [] }
            return state.open
        }
        for connection in open { connection.bring(.ended(reason: "reset")) }
    }

    fileprivate func closed(_ connection: FakeChannelConnection) {
        self.state.withLock { $0.open.removeAll { $0 === connection } }
    }

    func create(token: AccessToken) async throws(ChannelFailure) -> NotificationChannel {
        let created: Int? = self.state.withLock { state in
            guard !state.tokensRefused.contains(token.serial) else { return nil }
            state.channels += 1
            return state.channels
        }
        guard let number = created else { throw .unauthorized(reason: "HTTP 401") }
        return NotificationChannel(
            id: Secret("c\(number)"),
            connectURI: Secret("wss://c\(number)"),
            expiresAtMilliseconds: nil
        )
    }

    func subscribe(
        _ channel: NotificationChannel,
        to topics: [String],
        mode: SubscriptionMode,
        token: AccessToken
    ) async throws(ChannelFailure) -> [TopicVerdict] {
        self.state.withLock { $0.topics.append(topics) }
        return topics.map { TopicVerdict(topic: $0) }
    }

    func isValid(_ channel: NotificationChannel, token: AccessToken) async throws(ChannelFailure) -> Bool { true }

    func connect(_ channel: NotificationChannel) async throws(ChannelDialFailure) -> any ChannelConnection {
        let connection = FakeChannelConnection(self)
        connection.bring(.control(.heartbeat))
        self.state.withLock { $0.open.append(connection) }
        return connection
    }

    /// Waits for a newer one, as long as it takes: there is one only after `markBad`.
    func token(newerThan serial: Int?) async throws -> AccessToken {
        while true {
            let current = self.state.withLock { $0.token }
            if current > serial ?? 0 { return AccessToken(secret: Secret("t"), serial: current) }
            try Task.checkCancellation()
            await Task.yield()
        }
    }

    func markBad(_ token: AccessToken) async {
        self.state.withLock { $0.token = max($0.token, token.serial + 1) }
    }

    private static func batch(_ number: Int, padding byteCount: Int) -> ChannelBatch {
        let padding = String(repeating: " ", count: byteCount)
        let parts = TextParts(["e\(number)", "id\(number)", "e", "v2.e", padding])
        let event = NotificationEvent(
            value: parts.ranges[0],
            id: parts.ranges[1],
            idIsDerived: true,
            name: parts.ranges[2],
            resourceID: nil,
            time: nil,
            timeMilliseconds: nil
        )
        return ChannelBatch(
            NotificationBatch(
                bytes: MessageBytes(parts.bytes),
                events: [event],
                position: nil,
                batchID: nil,
                endsMessage: true
            ),
            matches: [.init(topic: parts.ranges[3], body: parts.ranges[0])]
        )
    }
}

/// One socket of `FakeChannels`.
final class FakeChannelConnection: ChannelConnection {
    private struct State {
        var events: [ChannelSocketEvent] = []
        var ending: ChannelSocketEvent?
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let channels: FakeChannels
    private let state = Mutex(State())

    init(_ channels: FakeChannels) {
        self.channels = channels
    }

    var isIdle: Bool { self.state.withLock { $0.events.isEmpty && $0.waiter != nil } }

    func bring(_ event: ChannelSocketEvent) {
        self.state.withLock { state in
            if case .ended = event { state.ending = event } else { state.events.append(event) }
            return state.waiter.take()
        }?.resume()
    }

    func next() async -> ChannelSocketEvent {
        while !Task.isCancelled {
            let event = self.state.withLock { $0.events.isEmpty ? $0.ending : $0.events.removeFirst() }
            if let event { return event }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = self.state.withLock { state -> Bool in
                        if !state.events.isEmpty || state.ending != nil || Task.isCancelled { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                self.state.withLock { $0.waiter.take() }?.resume()
            }
        }
        return .cancelled
    }

    func nextArrived() -> ChannelSocketEvent? {
        self.state.withLock { $0.events.isEmpty ? $0.ending : $0.events.removeFirst() }
    }

    var isCaughtUp: Bool { self.state.withLock { $0.events.isEmpty } }

    func ping() { self.bring(.control(.pong)) }

    func close(reason: String) {
        self.channels.closed(self)
        self.bring(.ended(reason: reason))
    }
}
