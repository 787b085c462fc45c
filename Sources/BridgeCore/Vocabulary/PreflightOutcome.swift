/// What came of asking the server about subscriptions before a handshake (S5.2).
public enum PreflightOutcome: Hashable, Sendable {
    /// A verdict on each subscription that was asked about.
    case verdicts([SubscriptionVerdict])
    /// The server has no pre-flight (404): only a handshake can tell (S5.4).
    case missing
    /// 401: the token is bad.
    case unauthorized(reason: String)
    /// 429, 5xx, timed out, not to be understood: nothing is known now. The handshake is tried all the same.
    case unavailable(reason: String)
}
