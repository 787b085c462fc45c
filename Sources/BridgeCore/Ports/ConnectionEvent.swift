/// What a socket brings.
public enum ConnectionEvent: Sendable {
    /// One message, as one batch or, where it is large, as several (S2.5), in order. Never empty.
    case message([NotificationBatch])
    /// One message that is not a batch. The socket is still open: close it, or go on behind the message (S2.7).
    case unreadable(UnreadableMessage)
    /// The peer answered a ping.
    case pong
    /// The socket is gone.
    case ended(ConnectionEnd)
    /// The asking task was cancelled.
    case cancelled
}
