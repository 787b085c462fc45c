/// What one stream was given.
public struct ConnectionSnapshot: Sendable, Equatable, Codable {
    /// Unique within the simulator, counted from 1.
    public let number: Int
    /// The simulated node that it is on, from 0.
    public let node: Int
    /// Whether the connection is still there.
    public internal(set) var isOpen: Bool
    /// The next sequence number that the client's position stood for; nil when it came without a position.
    public let resumedAt: Int?
    /// Where the stream began: the first sequence number that it could be given.
    public let firstSequence: Int
    /// Where the stream has come to: one more than the last sequence number sent or passed over.
    public internal(set) var nextSequence: Int
    /// Messages written, empty ones included.
    public internal(set) var batchesSent = 0
    /// Events written.
    public internal(set) var eventsSent = 0
    /// The code of the server's close frame, if it began the closing.
    public internal(set) var serverCloseCode: UInt16?
    /// The code of the client's close frame, if one came. 1005 stands for a frame without a code.
    public internal(set) var clientCloseCode: UInt16?
}
