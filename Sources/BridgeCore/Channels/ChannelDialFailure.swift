/// Why a channel's socket could not be opened, as far as it changes what to do next.
public enum ChannelDialFailure: Error, Hashable, Sendable {
    /// 401, 403, 404, 410: the token or the channel is not valid any more. A new channel.
    case channelInvalid(reason: String)
    /// 429: no attempt before the hold-off ends.
    case throttled(retryAfterSeconds: Int?, reason: String)
    /// Everything else: refused, timed out, TLS, 5xx. The same URI again, after a pause.
    case unavailable(reason: String)

    /// One word of a fixed set, for counters.
    public var cause: String {
        switch self {
        case .channelInvalid: "channel-invalid"
        case .throttled: "throttled"
        case .unavailable: "unavailable"
        }
    }

    /// The reason, in words that are safe to print.
    public var reason: String {
        switch self {
        case .channelInvalid(let reason), .throttled(_, let reason), .unavailable(let reason): reason
        }
    }
}
