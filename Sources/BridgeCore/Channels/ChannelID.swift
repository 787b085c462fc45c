/// One Genesys channel, as one machine counts them. The server's own id is a credential and stays in `NotificationChannel`.
public struct ChannelID: Hashable, Sendable, CustomStringConvertible {
    /// Counts a machine's attempts at a channel, from 1. Never used twice.
    public var number: Int

    /// The `number`-th attempt.
    public init(_ number: Int) {
        self.number = number
    }

    /// The number.
    public var description: String { "\(self.number)" }
}
