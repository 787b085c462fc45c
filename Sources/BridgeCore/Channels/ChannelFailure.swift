/// Why a REST call about a channel failed, as far as it changes what to do next (C9).
public enum ChannelFailure: Error, Hashable, Sendable {
    /// 401: the token is bad.
    case unauthorized(reason: String)
    /// 400, 403 and what else the server itself says no to: it is not tried again before `ChannelPolicy.refusedInterval`.
    case refused(reason: String)
    /// 404: the channel is gone.
    case gone(reason: String)
    /// 429: not before the server says so.
    case throttled(retryAfterSeconds: Int?, reason: String)
    /// 5xx, no answer in time, no connection, an answer that is not the server's own: the same call may do later.
    case unavailable(reason: String)

    /// The reason, in words that are safe to print.
    public var reason: String {
        switch self {
        case .unauthorized(let reason), .refused(let reason), .gone(let reason), .throttled(_, let reason),
            .unavailable(let reason):
            reason
        }
    }
}
