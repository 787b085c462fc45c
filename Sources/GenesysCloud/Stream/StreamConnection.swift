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
    private let compression: CompressionTrust
    private let account: MessageAccount
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
        self.compression = compression
        self.account = MessageAccount(
            complaint: "message is not a batch",
            peerAddress: connection.peerAddress,
            deadLetterBytesMax: settings.deadLetterBytesMax,
            redaction: redaction,
            counters: counters,
            logger: logger
        )
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
        case .unreadable(let message): return .unreadable(self.account.unreadable(message))
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
            return .unreadable(
                self.account.unreadable(message, closeCode: .unacceptableData, why: "a binary message")
            )
        }
        // A splitter is a few numbers: one task at a time asks for messages, so nothing changes it meanwhile.
        var splitter = self.state.withLock { $0.splitter }
        let batches: [NotificationBatch]
        do throws(MessageDefect) {
            batches = try splitter.split(message.payload.readableBytesUInt8Span)
        } catch {
            return .unreadable(self.account.unreadable(message, closeCode: .invalidData, why: "\(error)"))
        }
        let position = batches.last?.position
        self.state.withLock { state in
            state.splitter = splitter
            state.position = position ?? state.position
        }
        self.account.read(message, eventCount: batches.reduce(0) { $0 + $1.events.count })
        if message.fragmentCount > 1 {
            self.logger.debug(
                "fragmented message",
                metadata: self.account.metadata(
                    byteCount: message.payload.readableBytes,
                    frameCount: message.fragmentCount
                )
            )
        }
        return .message(batches)
    }

    private func closed(_ close: WebSocketClose) -> ConnectionEvent {
        self.noteCompression(close)
        let end = StreamCloseCodes.end(of: close, hiding: self.secrets)
        self.state.withLock { $0.end = end }
        return .ended(end)
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
}
