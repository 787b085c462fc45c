public import NIOCore

/// What `WebSocketConnection.next()` returns.
public enum WebSocketEvent: Equatable, Sendable {
    /// A whole message.
    case message(WebSocketMessage)
    /// A message that was skipped because it cannot be read; see `WebSocketConfiguration.unreadablePrefixBytes`.
    case unreadable(UnreadableWebSocketMessage)
    /// A pong, solicited or not, with the payload of the ping it answers.
    case pong(ByteBuffer)
    /// The end. Comes after everything that was received before it, and again on every further call.
    case closed(WebSocketClose)
}
