import BridgeCore
import Locking
import Logging
import NIOCore
import WebSocketClient

/// One open socket of a stream: WebSocket messages in, batches out.
///
/// *Receives* messages from `WebSocketConnection`. *Hands to* the session: their batches. *Holds at most* one message,
/// while it is split; what waits to be taken is bounded by the WebSocket connection's read-ahead.
final class StreamConnection: NotificationConnection {
    private struct State {
        var splitter: BatchSplitter
        var end: ConnectionEnd?
    }

    private let connection: WebSocketConnection
    /// Kept out of whatever the server sends back.
    private let token: Secret
    private let counters: StreamCounters
    private let logger: Logger
    private let state: Locked<State>

    init(
        _ connection: WebSocketConnection,
        token: Secret,
        settings: StreamSettings,
        counters: StreamCounters,
        logger: Logger
    ) {
        self.connection = connection
        self.token = token
        self.counters = counters
        self.logger = logger
        let splitter = BatchSplitter(
            maxEventsPerBatch: settings.maxEventsPerBatch,
            maxBatchBytes: settings.maxBatchBytes
        )
        self.state = Locked(State(splitter: splitter))
    }

    func next() async -> ConnectionEvent {
        if Task.isCancelled { return .cancelled }
        if let end = self.state.withLock({ $0.end }) { return .ended(end) }
        let event: WebSocketEvent
        do {
            event = try await self.connection.next()
        } catch {
            return .cancelled
        }
        switch event {
        case .pong: return .pong
        case .message(let message): return self.received(message)
        case .closed(let close): return self.closed(close)
        }
    }

    func ping() {
        self.connection.startPing()
    }

    func close(code: UInt16, reason: String) {
        self.connection.startClose(code: WebSocketCloseCode(rawValue: code) ?? .goingAway, reason: reason)
    }

    private func received(_ message: WebSocketMessage) -> ConnectionEvent {
        guard message.kind == .text else {
            return self.refused(message, closeCode: .unacceptableData, why: "a binary message")
        }
        // A splitter is a few numbers: one task at a time asks for messages, so nothing changes it meanwhile.
        var splitter = self.state.withLock { $0.splitter }
        let batches: [NotificationBatch]
        do throws(MessageDefect) {
            batches = try splitter.split(message.payload.readableBytesUInt8Span)
        } catch {
            return self.refused(message, closeCode: .invalidData, why: "\(error)")
        }
        self.state.withLock { $0.splitter = splitter }
        self.counters.count(
            byteCount: message.payload.readableBytes,
            frameCount: message.fragmentCount,
            eventCount: batches.reduce(0) { $0 + $1.events.count }
        )
        if message.fragmentCount > 1 {
            self.logger.debug("fragmented message", metadata: self.metadata(of: message))
        }
        return .message(batches)
    }

    /// S2.7: the socket ends here, and the session resumes from the committed position: a retransmission may be whole.
    private func refused(_ message: WebSocketMessage, closeCode: WebSocketCloseCode, why: String) -> ConnectionEvent {
        self.counters.count(
            byteCount: message.payload.readableBytes,
            frameCount: message.fragmentCount,
            eventCount: nil
        )
        self.logger.warning("message is not a batch: \(why)", metadata: self.metadata(of: message))
        self.connection.startClose(code: closeCode, reason: why)
        return self.ended(.poison(reason: why))
    }

    private func closed(_ close: WebSocketClose) -> ConnectionEvent {
        let end = StreamCloseCodes.end(of: close, hiding: [self.token])
        // Not UTF-8 or too large: the WebSocket connection saw it before it was a message.
        if case .poison = end { self.counters.count(byteCount: 0, frameCount: 1, eventCount: nil) }
        return self.ended(end)
    }

    private func ended(_ end: ConnectionEnd) -> ConnectionEvent {
        self.state.withLock { $0.end = end }
        return .ended(end)
    }

    /// What is known of a message without looking into it (S2.6).
    private func metadata(of message: WebSocketMessage) -> Logger.Metadata {
        [
            "peer": "\(self.connection.peerAddress)",
            "bytes": "\(message.payload.readableBytes)",
            "frames": "\(message.fragmentCount)",
        ]
    }
}
