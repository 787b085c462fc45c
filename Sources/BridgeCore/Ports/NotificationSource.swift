/// Opens the sockets of one stream. Implemented by the adapter of a dialect.
public protocol NotificationSource: Sendable {
    /// Opens a socket that resumes behind `position`, or starts at the server's present where it is nil.
    ///
    /// Bounded by the adapter's own deadline; cancelling the task ends it early.
    func connect(
        resumeFrom position: Position?,
        token: AccessToken
    ) async throws(ConnectFailure) -> any NotificationConnection
}
