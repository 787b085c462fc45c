/// How an open socket ended, as far as it changes what to do next. The adapter of a dialect knows the codes; nothing else does.
public enum ConnectionEnd: Hashable, Sendable {
    /// 4001: new token, new socket, at once (S4.4).
    case tokenExpired
    /// 429 and its kin: no attempt before the hold-off ends (S3.4).
    case throttled(retryAfterSeconds: Int?, reason: String)
    /// 400: the server refuses the list of subscriptions (S5.1).
    case subscriptionsRejected(reason: String)
    /// The server no longer has the resume position (S4.10).
    case positionLost(reason: String)
    /// 1001, 1012, reset, EOF, TLS error and everything else: reconnect with backoff, resume (S4.5).
    case lost(reason: String)

    /// One word of a fixed set, for counters.
    public var cause: String {
        switch self {
        case .tokenExpired: "token-expired"
        case .throttled: "throttled"
        case .subscriptionsRejected: "subscriptions-rejected"
        case .positionLost: "position-lost"
        case .lost: "lost"
        }
    }

    /// The reason, in words that are safe to print.
    public var reason: String {
        switch self {
        case .tokenExpired: "the access token expired"
        case .throttled(_, let reason), .subscriptionsRejected(let reason), .positionLost(let reason),
            .lost(let reason):
            reason
        }
    }
}
