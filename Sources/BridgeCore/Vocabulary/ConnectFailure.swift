/// Why a socket could not be opened, as far as it changes what to do next.
public enum ConnectFailure: Error, Hashable, Sendable {
    /// 401: the token is bad; ask for a new one, then try again (S1.7).
    case unauthorized(reason: String)
    /// 403: one new token, then the tenant is unauthorized (S1.7). `reason` names the scopes that are needed.
    case forbidden(reason: String)
    /// 429: no attempt before the hold-off ends (S3.4).
    case throttled(retryAfterSeconds: Int?, reason: String)
    /// 400: the server refuses the list of subscriptions (S5.1).
    case subscriptionsRejected(reason: String)
    /// 410, or a reason that says so: the server no longer has the resume position (S4.10).
    case positionLost(reason: String)
    /// Everything else: refused, timed out, TLS, 5xx, a server that speaks something else. Backoff.
    case unavailable(reason: String)

    /// One word of a fixed set, for counters.
    public var cause: String {
        switch self {
        case .unauthorized: "unauthorized"
        case .forbidden: "forbidden"
        case .throttled: "throttled"
        case .subscriptionsRejected: "subscriptions-rejected"
        case .positionLost: "position-lost"
        case .unavailable: "unavailable"
        }
    }

    /// The reason, in words that are safe to print.
    public var reason: String {
        switch self {
        case .unauthorized(let reason), .forbidden(let reason), .throttled(_, let reason),
            .subscriptionsRejected(let reason), .positionLost(let reason), .unavailable(let reason):
            reason
        }
    }
}
