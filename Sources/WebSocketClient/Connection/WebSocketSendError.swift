/// Why something was not sent.
public enum WebSocketSendError: Error, Equatable, Sendable {
    /// The connection is closed, or a close frame has been sent.
    case closed
    /// A text message whose payload is not UTF-8.
    case textNotUTF8
    /// A ping with more than 125 bytes (RFC 6455 section 5.5).
    case pingTooLong
}
