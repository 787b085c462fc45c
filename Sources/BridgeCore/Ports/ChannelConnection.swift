/// One open socket of a channel. One task at a time calls `next()`; the other calls may come from anywhere.
///
/// Not calling `next()` holds the socket back: after a bounded read-ahead it is not read any more.
public protocol ChannelConnection: Sendable {
    /// The next thing that the socket brings, in order. After `.ended` every further call returns the same `.ended`.
    /// In a cancelled task it returns `.cancelled` at once, and nothing is lost by it.
    func next() async -> ChannelSocketEvent

    /// What `next()` would return without waiting; nil: it would wait. Called by the task that calls `next()`.
    func nextArrived() -> ChannelSocketEvent?

    /// Whether everything that has arrived was returned. Asked behind `next()` and `nextArrived()`, and before whatever they returned is
    /// handed on.
    var isCaughtUp: Bool { get }

    /// Sends the application's ping; its pong comes as a control message.
    func ping()

    /// Starts the closing handshake and ends the connection within a bounded time.
    func close(reason: String)
}

extension ChannelConnection {
    /// Nothing: whoever does not say what has arrived is asked by `next()`.
    public func nextArrived() -> ChannelSocketEvent? { nil }
}
