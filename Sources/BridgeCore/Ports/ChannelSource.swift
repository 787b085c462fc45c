/// Opens the sockets of channels. Implemented by the adapter of the dialect.
public protocol ChannelSource: Sendable {
    /// Opens a socket on the channel's URI, as it is. Bounded by the adapter's own deadline; cancelling the task ends it early.
    func connect(_ channel: NotificationChannel) async throws(ChannelDialFailure) -> any ChannelConnection
}
