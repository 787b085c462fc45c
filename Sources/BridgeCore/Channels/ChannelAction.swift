/// What the driver of a channel machine does next. Whatever takes time names the channel or socket that it belongs to; its outcome names it
/// again, and is ignored where that has been given up.
public enum ChannelAction: Hashable, Sendable {
    /// Tell the token task that the server refused this token.
    case markTokenBad(serial: Int)
    /// Wait for a token, one with a higher serial where one is given; then `tokenReady`.
    case awaitToken(ChannelID, newerThan: Int?)
    /// Wait for one of the tenant's places for a channel beside a living one; then `placeGranted`.
    case awaitPlace(ChannelID)
    /// Give the place back, or leave the line for it.
    case releasePlace(ChannelID)
    /// `POST /api/v2/notifications/channels` with the channel's token; then `created` or `createFailed`.
    case create(ChannelID)
    /// Subscribe with `ignoreErrors=true`; then `subscribed` or `subscribeFailed`.
    case subscribe(ChannelID, topics: [String], mode: SubscriptionMode)
    /// `HEAD` the channel; then `checked` or `checkFailed`.
    case check(ChannelID)
    /// Open a socket on the channel's URI; then `connected` or `connectFailed`.
    case connect(ChannelID, SocketID)
    /// Send `{"message":"ping"}`.
    case ping(SocketID)
    /// Say that the socket does not answer a ping: events may be missing, and another channel follows it.
    case suspect(SocketID)
    /// Close the open socket; `ended` follows within the adapter's bound.
    case close(SocketID, reason: String)
    /// Nothing is asked of the channel any more: its id and URI can be forgotten.
    case forget(ChannelID)
    /// The host says "too many": no socket of the process may be opened to it for a while.
    case holdOffHost(retryAfterSeconds: Int?)
    /// A socket of the host is live: the next hold-off starts small again.
    case hostIsHealthy
    /// The machine is over.
    case finish
}
