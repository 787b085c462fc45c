/// One open socket of a channel. One task at a time calls `next()`; the other calls may come from anywhere.
///
/// Not calling `next()` holds the socket back: after a bounded read-ahead it is not read any more.
public protocol ChannelConnection: Sendable {
    /// The next thing that the socket brings, in order. After `.ended` every further call returns the same `.ended`.
    /// In a cancelled task it returns `.cancelled` at once, and nothing is lost by it.
    func next() async -> ChannelSocketEvent

    /// Whether everything that has arrived was returned by `next()`. Asked behind it, and before whatever it returned is handed on.
    var isCaughtUp: Bool { get }

    /// Sends the application's ping; its pong comes as a control message.
    func ping()

    /// Starts the closing handshake and ends the connection within a bounded time.
    func close(reason: String)
}
