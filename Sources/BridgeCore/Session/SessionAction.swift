/// What the driver of a session does next. Whatever takes time names the attempt that it belongs to; its outcome names it again, and is
/// ignored where the attempt has been given up.
public enum SessionAction: Hashable, Sendable {
    /// Tell the token task that the server refused this token.
    case markTokenBad(serial: Int)
    /// Wait for a token, one with a higher serial where one is given; then `tokenReady`.
    case awaitToken(SocketID, newerThan: Int?)
    /// Ask the server about these subscriptions; then `validated`.
    case validate(SocketID, [SubscriptionTopic])
    /// Wait until the host may be connected to; then `turnGranted`.
    case awaitTurn(SocketID)
    /// Open a socket with the attempt's token; then `connected` or `connectFailed`.
    case connect(SocketID, topics: [SubscriptionTopic], resumeFrom: Position?)
    /// Send a ping.
    case ping(SocketID)
    /// Close the open socket; `ended` follows within the adapter's bound.
    case close(SocketID, code: UInt16, reason: String)
    /// The host says "too many" (S3.4): no socket of the process may be opened to it for a while.
    case holdOffHost(retryAfterSeconds: Int?)
    /// A connection to the host is healthy: the next hold-off starts small again.
    case hostIsHealthy
    /// Take nothing more from the sockets.
    case stopReading
    /// Drop what is queued, wait until everything in flight is reported, commit what is safe; then `settled`.
    case discardAndSettle
    /// Wait until everything queued and in flight is reported, commit what is safe; then `settled`.
    case drainAndSettle
    /// The session is over.
    case finish
}
