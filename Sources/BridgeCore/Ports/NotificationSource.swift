/// Opens the sockets of one stream. Implemented by the adapter of a dialect.
public protocol NotificationSource: Sendable {
    /// Opens a socket that brings `topics`, resuming behind `position`, or starting at the server's present where it is nil.
    ///
    /// Bounded by the adapter's own deadline; cancelling the task ends it early.
    func connect(
        topics: [SubscriptionTopic],
        resumeFrom position: Position?,
        token: AccessToken
    ) async throws(ConnectFailure) -> any NotificationConnection
}
