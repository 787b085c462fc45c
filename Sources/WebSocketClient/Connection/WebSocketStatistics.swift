/// What a connection has received so far.
public struct WebSocketStatistics: Equatable, Sendable {
    /// Bytes read after the upgrade, frame headers included, before TLS.
    public var bytesReceived: UInt64 = 0
    /// Frames of every kind, complete ones.
    public var framesReceived: UInt64 = 0
    /// Messages that came in more than one frame.
    public var fragmentedMessagesReceived: UInt64 = 0
    /// Messages that came after `close` was called, and were dropped.
    public var messagesDiscarded: UInt64 = 0

    /// Nothing received.
    public init() {}
}
