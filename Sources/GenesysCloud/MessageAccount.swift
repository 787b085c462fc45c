import BridgeCore
import Logging
import NIOCore
import WebSocketClient

/// Counts the messages of one socket, and says what is known of those that cannot be read, in either dialect (S2.6, S2.7).
struct MessageAccount {
    /// What a log line says that a message is not.
    let complaint: String
    let peerAddress: String
    let deadLetterBytesMax: Int
    let redaction: Redaction?
    let counters: StreamCounters
    let logger: Logger

    /// A message was read, and had so many events.
    func read(_ message: WebSocketMessage, eventCount: Int) {
        self.counters.count(
            byteCount: message.payload.readableBytes,
            frameCount: message.fragmentCount,
            eventCount: eventCount
        )
    }

    /// A message that is nothing this dialect knows. What to do about it is the session's to decide.
    func unreadable(
        _ message: WebSocketMessage,
        closeCode: WebSocketCloseCode,
        why: String
    ) -> UnreadableMessage {
        let bytes = Array(message.payload.readableBytesView)
        return self.noted(
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
    func unreadable(_ message: UnreadableWebSocketMessage) -> UnreadableMessage {
        self.noted(
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

    private func noted(_ message: UnreadableMessage, frameCount: Int) -> UnreadableMessage {
        self.counters.count(byteCount: message.byteCount, frameCount: frameCount, eventCount: nil)
        self.logger.warning(
            "\(self.complaint): \(message.reason)",
            metadata: self.metadata(byteCount: message.byteCount, frameCount: frameCount)
        )
        return self.redaction?.withholding(message) ?? message
    }

    /// What is known of a message without looking into it.
    func metadata(byteCount: Int, frameCount: Int) -> Logger.Metadata {
        ["peer": "\(self.peerAddress)", "bytes": "\(byteCount)", "frames": "\(frameCount)"]
    }
}
