/// What the driver of a session does next.
public enum SessionAction: Hashable, Sendable {
    /// Tell the token task that the server refused the token of the last attempt.
    case markTokenBad
    /// Wait for a token; then `tokenReady`.
    case awaitToken
    /// Open a socket; then `connected` or `connectFailed`.
    case connect(resumeFrom: Position?)
    /// Send a ping.
    case ping
    /// Close the open socket; `ended` follows within the adapter's bound.
    case close(code: UInt16, reason: String)
    /// Take nothing more from the socket.
    case stopReading
    /// Drop what is queued, wait until everything in flight is reported, commit what is safe; then `settled`.
    case discardAndSettle
    /// Wait until everything queued and in flight is reported, commit what is safe; then `settled`.
    case drainAndSettle
    /// The session is over.
    case finish
}
