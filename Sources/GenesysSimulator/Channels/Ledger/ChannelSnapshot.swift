/// One living channel.
public struct ChannelSnapshot: Sendable, Equatable, Codable {
    /// The credential of its socket.
    public let id: String
    /// Whether it has a socket.
    public let isConnected: Bool
    /// The topics as the client named them.
    public let subscriptions: [String]
    /// ISO 8601.
    public let expires: String
}
