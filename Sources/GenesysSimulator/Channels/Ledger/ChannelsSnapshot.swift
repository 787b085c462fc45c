/// What the simulator knows to be true of one tenant's use of the public notification service: what an audit compares
/// with.
public struct ChannelsSnapshot: Sendable, Equatable, Codable {
    /// The tenant's name.
    public let tenant: String
    /// Milliseconds since 1970.
    public let milliseconds: Int
    /// Every topic that was ever subscribed to and makes events, by name.
    public let topics: [TopicSnapshot]
    /// Those that live now, in the order of their creation.
    public let channels: [ChannelSnapshot]
    /// The newest thousand sockets, oldest first.
    public let connections: [ChannelConnectionSnapshot]
    /// Channels created so far.
    public let channelsCreated: Int
    /// Channels that had to go for another one.
    public let channelsEvicted: Int
    /// Channels whose life was over.
    public let channelsExpired: Int
    /// How connections were answered, by HTTP status; `none` for those that were not.
    public let connectAnswers: [String: Int]
    /// Sockets that a second connection to their channel ended.
    public let connectionsDisplaced: Int
    /// Sockets that were reset because their client did not read.
    public let connectionsOverrun: Int
    /// `{"message":"ping"}` answered.
    public let pingsAnswered: Int
    /// How long topics without a limit had to wait for a socket, in milliseconds: with none, they were what limits the rate.
    public let millisecondsHeldBack: Int
    /// Events written to all sockets.
    public let eventsSent: Int
    /// Faults that took effect, by ``ChannelFaultKind``'s name.
    public let faultsFired: [String: Int]
    /// What clients did on sockets that they must not, by ``ClientViolation``'s name.
    public let violations: [String: Int]
}
