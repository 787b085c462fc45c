import BridgeCore
import Crypto
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
        /// The last position that came, or the one behind which it resumed.
        var position: Position?
        var end: ConnectionEnd?
    }

    private let connection: WebSocketConnection
    /// Kept out of whatever the server sends back.
    private let secrets: [Secret]
    private let redaction: Redaction?
    private let deadLetterBytesMax: Int
    private let compression: CompressionTrust
    private let counters: StreamCounters
    private let logger: Logger
    private let state: Locked<State>

    init(
        _ connection: WebSocketConnection,
        hiding secrets: [Secret],
        resumedFrom position: Position?,
        compression: CompressionTrust,
        settings: StreamSettings,
        redaction: Redaction?,
        counters: StreamCounters,
        logger: Logger
    ) {
        self.connection = connection
        self.secrets = secrets
        self.redaction = redaction
        self.deadLetterBytesMax = settings.deadLetterBytesMax
        self.compression = compression
        self.counters = counters
        self.logger = logger
        let splitter = BatchSplitter(
            maxEventsPerBatch: settings.maxEventsPerBatch,
            maxBatchBytes: settings.maxBatchBytes,
            redaction: redaction
        )
        self.state = Locked(State(splitter: splitter, position: position))
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
        case .unreadable(let message): return self.unreadable(message)
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
            return self.unreadable(message, closeCode: .unacceptableData, why: "a binary message")
        }
        // A splitter is a few numbers: one task at a time asks for messages, so nothing changes it meanwhile.
        var splitter = self.state.withLock { $0.splitter }
        let batches: [NotificationBatch]
        do throws(MessageDefect) {
            batches = try splitter.split(message.payload.readableBytesUInt8Span)
        } catch {
            return self.unreadable(message, closeCode: .invalidData, why: "\(error)")
        }
        let position = batches.last?.position
        self.state.withLock { state in
            state.splitter = splitter
            state.position = position ?? state.position
        }
        self.counters.count(
            byteCount: message.payload.readableBytes,
            frameCount: message.fragmentCount,
            eventCount: batches.reduce(0) { $0 + $1.events.count }
        )
        if message.fragmentCount > 1 {
            self.logger.debug(
                "fragmented message",
                metadata: self.metadata(byteCount: message.payload.readableBytes, frameCount: message.fragmentCount)
            )
        }
        return .message(batches)
    }

    /// S2.7: a message that is no batch. What to do about it is the session's to decide.
    private func unreadable(
        _ message: WebSocketMessage,
        closeCode: WebSocketCloseCode,
        why: String
    ) -> ConnectionEvent {
        let bytes = Array(message.payload.readableBytesView)
        return self.unreadable(
            UnreadableMessage(
                bytes: MessageBytes(Array(bytes.prefix(self.deadLetterBytesMax))),
                byteCount: bytes.count,
                sha256: DeadLetterDigest.sha256(bytes),
                reason: why,
                closeCode: closeCode.rawValue
            ),
            frameCount: message.fragmentCount
        )
    }

    /// Not UTF-8 or too large: the WebSocket connection saw it, and skipped it.
    private func unreadable(_ message: UnreadableWebSocketMessage) -> ConnectionEvent {
        self.unreadable(
            UnreadableMessage(
                bytes: MessageBytes(Array(message.prefix.readableBytesView)),
                byteCount: message.byteCount,
                sha256: message.sha256,
                reason: message.reason,
                closeCode: message.code.rawValue
            ),
            frameCount: message.fragmentCount
        )
    }

    private func unreadable(_ message: UnreadableMessage, frameCount: Int) -> ConnectionEvent {
        self.counters.count(byteCount: message.byteCount, frameCount: frameCount, eventCount: nil)
        self.logger.warning(
            "message is not a batch: \(message.reason)",
            metadata: self.metadata(byteCount: message.byteCount, frameCount: frameCount)
        )
        return .unreadable(self.redaction?.withholding(message) ?? message)
    }

    private func closed(_ close: WebSocketClose) -> ConnectionEvent {
        self.noteCompression(close)
        let end = StreamCloseCodes.end(of: close, hiding: self.secrets)
        return self.ended(end)
    }

    /// A message whose compressed bytes are damaged, or stand for far too many, ends the connection.
    private func noteCompression(_ close: WebSocketClose) {
        guard self.connection.isDeflateAgreed, case .protocolError(let code, let description) = close,
            [1007, 1009].contains(code), self.compression.broke(behind: self.state.withLock { $0.position })
        else { return }
        self.logger.error(
            "a compressed message could not be read twice: compression is not offered any more until a restart",
            metadata: ["peer": "\(self.connection.peerAddress)", "reason": "\(description)"]
        )
    }

    private func ended(_ end: ConnectionEnd) -> ConnectionEvent {
        self.state.withLock { $0.end = end }
        return .ended(end)
    }

    /// What is known of a message without looking into it (S2.6).
    private func metadata(byteCount: Int, frameCount: Int) -> Logger.Metadata {
        ["peer": "\(self.connection.peerAddress)", "bytes": "\(byteCount)", "frames": "\(frameCount)"]
    }
}
