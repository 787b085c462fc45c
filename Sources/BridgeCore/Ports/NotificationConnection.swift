/// One open socket. One task at a time calls `next()`; the other calls may come from anywhere.
///
/// Not calling `next()` holds the socket back: after a bounded read-ahead it is not read any more (S3.3).
public protocol NotificationConnection: Sendable {
    /// The next thing that the socket brings, in order. After `.ended` every further call returns the same `.ended`.
    /// In a cancelled task it returns `.cancelled` at once, and nothing is lost by it.
    func next() async -> ConnectionEvent

    /// Sends a ping; its pong comes as an event.
    func ping()

    /// Starts the closing handshake and ends the connection within a bounded time.
    func close(code: UInt16, reason: String)
}
