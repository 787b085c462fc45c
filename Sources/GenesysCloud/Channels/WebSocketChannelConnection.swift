import BridgeCore
import Locking
import Logging
import NIOCore
import WebSocketClient

/// One open socket of a channel: text messages in, batches of events and control messages out.
///
/// *Receives* messages from `WebSocketConnection`. *Hands to* the channel session: events that had arrived already as one batch, and control
/// messages in their place between them. *Holds at most* one batch while it is put together, and one message behind it; what waits to be
/// taken is bounded by the WebSocket connection's read-ahead.
final class WebSocketChannelConnection: ChannelConnection {
    private struct State {
        var builder: ChannelBatchBuilder
        /// What came behind a batch's last event, and is due next.
        var next: ChannelSocketEvent?
        var end: ChannelSocketEvent?

        mutating func takeDue() -> ChannelSocketEvent? {
            guard let due = self.next else { return self.end }
            self.next = nil
            return due
        }
    }

    private static let pingText = #"{"message":"ping"}"#

    private let connection: WebSocketConnection
    /// Kept out of whatever the server sends back.
    private let secrets: [Secret]
    private let settings: ChannelSettings
    private let account: MessageAccount
    private let ids: EventIDIssuer
    private let state: Locked<State>

    init(
        _ connection: WebSocketConnection,
        hiding secrets: [Secret],
        settings: ChannelSettings,
        redaction: Redaction?,
        counters: StreamCounters,
        ids: EventIDIssuer,
        logger: Logger
    ) {
        self.connection = connection
        self.secrets = secrets
        self.settings = settings
        self.account = MessageAccount(
            complaint: "message is neither an event nor a control message",
            peerAddress: connection.peerAddress,
            deadLetterBytesMax: settings.deadLetterBytesMax,
            redaction: redaction,
            counters: counters,
            logger: logger
        )
        self.ids = ids
        self.state = Locked(State(builder: ChannelBatchBuilder(redaction: redaction)))
    }

    func next() async -> ChannelSocketEvent {
        if Task.isCancelled { return .cancelled }
        while true {
            if let event = self.nextArrived() { return event }
            // Nothing is in the batch: what has arrived is handed on before anything is waited for.
            let event: WebSocketEvent
            do {
                event = try await self.connection.next()
            } catch {
                return .cancelled
            }
            if let due = self.received(event) { return due }
        }
    }

    func nextArrived() -> ChannelSocketEvent? {
        if let due = self.state.withLock({ $0.takeDue() }) { return due }
        while let event = self.connection.nextArrived() {
            guard let due = self.received(event) else {
                if self.isFull { break }
                continue
            }
            guard let batch = self.batch() else { return due }
            self.state.withLock { $0.next = due }
            return .events(batch)
        }
        return self.batch().map { .events($0) }
    }

    var isCaughtUp: Bool { self.connection.isCaughtUp && self.state.withLock { $0.next == nil } }

    func ping() {
        self.connection.startSend(text: Self.pingText)
    }

    func close(reason: String) {
        self.connection.startClose(code: .normalClosure, reason: reason)
    }

    // MARK: Batches

    private var isFull: Bool {
        self.state.withLock {
            $0.builder.eventCount >= self.settings.maxEventsPerBatch
                || $0.builder.byteCount >= self.settings.maxBatchBytes
        }
    }

    private func batch() -> ChannelBatch? {
        self.state.withLock { $0.builder.eventCount > 0 ? $0.builder.build() : nil }
    }

    // MARK: Messages

    /// What the event is; nil where it is an event that was put into the batch, or nothing.
    private func received(_ event: WebSocketEvent) -> ChannelSocketEvent? {
        switch event {
        case .pong: return nil
        case .message(let message): return self.received(message)
        case .unreadable(let message): return .unreadable(self.account.unreadable(message))
        case .closed(let close):
            let end = ChannelSocketEvent.ended(reason: PeerText.shown("\(close)", hiding: self.secrets))
            self.state.withLock { $0.end = end }
            return end
        }
    }

    private func received(_ message: WebSocketMessage) -> ChannelSocketEvent? {
        guard message.kind == .text else {
            return .unreadable(
                self.account.unreadable(message, closeCode: .unacceptableData, why: "a binary message")
            )
        }
        let text = message.payload.readableBytesUInt8Span
        do throws(MessageDefect) {
            let scan = try ChannelMessage(text)
            switch scan.kind {
            case .event(let topic):
                try self.append(text, scan, topic)
                self.account.read(message, eventCount: 1)
                return nil
            case .control(let control):
                self.account.read(message, eventCount: 0)
                return .control(control)
            }
        } catch {
            return .unreadable(self.account.unreadable(message, closeCode: .invalidData, why: "\(error)"))
        }
    }

    private func append(
        _ text: Span<UInt8>,
        _ scan: ChannelMessage,
        _ topic: JSONStringToken
    ) throws(MessageDefect) {
        // One task at a time asks for messages: nothing changes the builder meanwhile.
        var builder = self.state.withLock { state in
            defer { state.builder = ChannelBatchBuilder() }
            return state.builder
        }
        defer { self.state.withLock { $0.builder = builder } }
        try builder.append(text, scan, topic: topic, id: self.ids.next())
    }
}
