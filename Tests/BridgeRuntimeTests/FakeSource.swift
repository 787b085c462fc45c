import BridgeCore
import Synchronization

/// A source whose log is a list of numbered messages; each connection replays from behind the position it is given.
/// Its faults are said in advance: after how many messages a connection ends, and how.
final class FakeSource: NotificationSource, SubscriptionValidator, AccessTokenProvider {
    struct State {
        var resumes: [String?] = []
        /// What each connection asked for.
        var topics: [[SubscriptionTopic]] = []
        var endings: [(after: Int, end: ConnectionEnd)] = []
        var badTokens: [Int] = []
        var serial = 1
        var isOpen = 0
        /// Whether a resume repeats the message at the position.
        var isInclusive = false
        /// Messages that cannot be read so many times yet.
        var unreadable: [Int: Int] = [:]
        /// Events of a message.
        var eventsPerMessage = 1
        /// Batches of a message: each event is one.
        var isInPieces = false
        /// Bytes of events that are longer than their numbers.
        var sizes: [Int: Int] = [:]
    }

    let messageCount: Int
    let state = Mutex(State())

    init(messageCount: Int, endings: [(after: Int, end: ConnectionEnd)] = []) {
        self.messageCount = messageCount
        self.state.withLock { $0.endings = endings }
    }

    func connect(
        topics: [SubscriptionTopic],
        resumeFrom position: Position?,
        token: AccessToken
    ) async throws(ConnectFailure) -> any NotificationConnection {
        let (ending, isInclusive) = self.state.withLock { state in
            state.resumes.append(position?.value)
            state.topics.append(topics)
            state.isOpen += 1
            return (state.endings.isEmpty ? nil : state.endings.removeFirst(), state.isInclusive)
        }
        let first = position.flatMap { Int($0.value) }.map { isInclusive ? $0 : $0 + 1 } ?? 0
        return FakeConnection(self, next: first, messageCount: self.messageCount, ending: ending)
    }

    func validate(_ topics: [SubscriptionTopic], token: AccessToken) async -> PreflightOutcome { .missing }

    /// Whether message `n` cannot be read this time.
    func isUnreadable(_ n: Int) -> Bool {
        self.state.withLock { state in
            guard let times = state.unreadable[n], times > 0 else { return false }
            state.unreadable[n] = times - 1
            return true
        }
    }

    func token(newerThan serial: Int?) async throws -> AccessToken {
        AccessToken(secret: Secret("t"), serial: self.state.withLock { $0.serial })
    }

    func markBad(_ token: AccessToken) async {
        self.state.withLock { state in
            guard token.serial == state.serial else { return }
            state.badTokens.append(token.serial)
            state.serial += 1
        }
    }
}

/// One connection of a `FakeSource`.
final class FakeConnection: NotificationConnection {
    struct State {
        var next: Int
        var sent = 0
        var closed: ConnectionEnd?
        var waiter: CheckedContinuation<Void, Never>?
        var pongs = 0
        var readAhead = 3
    }

    private let source: FakeSource
    private let messageCount: Int
    private let ending: (after: Int, end: ConnectionEnd)?
    private let state: Mutex<State>

    init(_ source: FakeSource, next: Int, messageCount: Int, ending: (after: Int, end: ConnectionEnd)?) {
        self.source = source
        self.messageCount = messageCount
        self.ending = ending
        self.state = Mutex(State(next: next))
    }

    func next() async -> ConnectionEvent {
        while true {
            let event = self.state.withLock { state -> ConnectionEvent? in
                // What was read ahead comes before the end, as from a real socket.
                if let end = state.closed, state.readAhead == 0 || state.next >= self.messageCount {
                    return .ended(end)
                }
                if state.closed != nil { state.readAhead -= 1 }
                if let ending = self.ending, state.sent >= ending.after { return .ended(ending.end) }
                if state.pongs > 0 {
                    state.pongs -= 1
                    return .pong
                }
                guard state.next < self.messageCount else { return nil }
                defer {
                    state.next += 1
                    state.sent += 1
                }
                let (events, isInPieces, sizes) = self.source.state.withLock {
                    ($0.eventsPerMessage, $0.isInPieces, $0.sizes)
                }
                if self.source.isUnreadable(state.next) { return .unreadable(Self.poison) }
                return .message(
                    isInPieces
                        ? Self.pieces(state.next, events: events)
                        : [Self.batch(state.next, events: events, sizes: sizes)]
                )
            }
            if let event { return event }
            if Task.isCancelled { return .cancelled }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let isReady = self.state.withLock { state -> Bool in
                        if state.closed != nil || state.pongs > 0 || Task.isCancelled { return true }
                        state.waiter = continuation
                        return false
                    }
                    if isReady { continuation.resume() }
                }
            } onCancel: {
                self.state.withLock { $0.waiter.take() }?.resume()
            }
        }
    }

    func ping() {
        let waiter = self.state.withLock { state in
            state.pongs += 1
            return state.waiter.take()
        }
        waiter?.resume()
    }

    func close(code: UInt16, reason: String) {
        let waiter = self.state.withLock { state in
            state.closed = .lost(reason: "closed by us: \(reason)")
            return state.waiter.take()
        }
        waiter?.resume()
    }

    static let poison = UnreadableMessage(
        bytes: MessageBytes(Array("poison".utf8)),
        byteCount: 6,
        sha256: "digest",
        reason: "not JSON",
        closeCode: 1007
    )

    /// Message `n`, a batch for each of its events.
    static func pieces(_ n: Int, events count: Int) -> [NotificationBatch] {
        (n * count..<(n + 1) * count).map { number in
            var piece = Self.batch(number)
            piece.endsMessage = number == (n + 1) * count - 1
            piece.position = piece.endsMessage ? Position(kind: .lastEventId, value: "\(n)") : nil
            return piece
        }
    }

    /// Message `n`: events whose values are their numbers, from `n` times their count on.
    static func batch(_ n: Int, events count: Int = 1, sizes: [Int: Int] = [:]) -> NotificationBatch {
        var bytes: [UInt8] = []
        let events = (n * count..<(n + 1) * count).map { number in
            let name = Array("e\(number)".utf8)
            let text = name + Array(repeating: UInt8(ascii: "."), count: max(0, (sizes[number] ?? 0) - name.count))
            let all = ByteRange(offset: UInt32(bytes.count), length: UInt32(text.count))
            bytes += text
            return NotificationEvent(
                value: all,
                id: all,
                idIsDerived: false,
                name: ByteRange(offset: all.offset, length: 1),
                resourceID: nil,
                time: nil,
                timeMilliseconds: nil
            )
        }
        return NotificationBatch(
            bytes: MessageBytes(bytes),
            events: events,
            position: Position(kind: .lastEventId, value: "\(n)"),
            batchID: nil,
            endsMessage: true
        )
    }
}
