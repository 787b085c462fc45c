/// What a channel's socket brings.
public enum ChannelSocketEvent: Sendable {
    /// One event message or, where more had arrived already, several. Never empty.
    case events(ChannelBatch)
    /// One control message.
    case control(ChannelControl)
    /// One message that is neither. The socket goes on behind it.
    case unreadable(UnreadableMessage)
    /// The socket is gone; the reason is safe to print.
    case ended(reason: String)
    /// The asking task was cancelled.
    case cancelled
}
