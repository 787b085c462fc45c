/// What came over one stream's sockets since the process began.
public struct StreamCounts: Hashable, Sendable {
    /// Messages that were batches.
    public var messages: UInt64 = 0
    /// Messages that came in more than one frame (S2.6).
    public var fragmentedMessages: UInt64 = 0
    /// Bytes of all messages.
    public var bytes: UInt64 = 0
    /// Events.
    public var events: UInt64 = 0
    /// Messages that were no batches (S2.7).
    public var defectiveMessages: UInt64 = 0

    /// Nothing yet.
    public init() {}
}
