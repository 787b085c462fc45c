/// What one socket of a channel was given. Times are milliseconds since 1970.
public struct ChannelConnectionSnapshot: Sendable, Equatable, Codable {
    /// Unique within the simulator, counted from 1.
    public let number: Int
    /// The channel that it was opened for.
    public let channelId: String
    /// When it was opened.
    public let openedMilliseconds: Int
    /// When it ended; nil while it is there.
    public internal(set) var endedMilliseconds: Int?
    /// Events written.
    public internal(set) var eventsSent = 0
    /// Heartbeats written.
    public internal(set) var heartbeatsSent = 0
    /// The code of the server's close frame, if it began the closing.
    public internal(set) var serverCloseCode: UInt16?
    /// The code of the client's close frame, if one came. 1005 stands for a frame without a code.
    public internal(set) var clientCloseCode: UInt16?
}
