/// Something that goes wrong on purpose with the public notification service. Those of a socket hit the tenant's open
/// sockets, all or one of the seed's choice; the others lie in wait for the tenant's next request. Each counts when it
/// takes effect.
///
/// REST calls that fail with 5xx or hang are ``Fault/restServerError(status:count:)`` and
/// ``Fault/restHang(count:durationMilliseconds:)``.
public enum ChannelFault: Sendable, Hashable {
    // MARK: The end of sockets and channels

    /// The socket is closed with this code and without a warning; the channel lives on.
    case channelClosed(code: UInt16)
    /// The TCP connection is reset; the channel lives on.
    case channelReset
    /// An intended close: `v2.system.socket_closing`, and 1001 so much later (nil: the configuration's lead). Without
    /// the warning, 1001 comes at once. The channel lives on.
    case socketClosing(leadMilliseconds: Int?, warns: Bool)
    /// Nothing goes out, no heartbeat and no pong either, for so long or until the connection closes.
    case channelSilent(durationMilliseconds: Int?)
    /// `v2.system.token_revoked`, 1008, and the channel's token and all its channels are gone.
    case tokenRevoked
    /// The channel is gone: the 404 result, and 1000.
    case channelDeleted
    /// Another client took the channel's place: `v2.system.no_longer_subscribed`, 1000, and the channel is gone.
    case channelEvicted

    // MARK: Messages, besides the events

    /// The 200 result, which has no topic.
    case subscriptionResult
    /// A message of a `v2.system` topic that nobody knows.
    case unknownSystemEvent
    /// A text message that is not JSON.
    case malformedMessage
    /// A binary message.
    case binaryMessage
    /// A message of a `v2.system` topic of so many bytes, 256 MiB at the most.
    case hugeMessage(bytes: Int)

    // MARK: Requests

    /// The next calls that subscribe find one of their topics not permitted: this one, or the last.
    case subscriptionRejected(topic: String?, count: Int)
    /// The next connections to a channel of the tenant are answered with this HTTP status.
    case connectRefused(status: Int, count: Int)
    /// The next connections to a channel of the tenant are answered after so long with 503, or never.
    case connectHang(count: Int, durationMilliseconds: Int?)
    /// The next REST calls are answered with 429 and this `Retry-After`. A call with the same token that comes sooner is recorded as a violation.
    case restRateLimited(count: Int, retryAfterSeconds: Int?)

    /// The name that it is counted under.
    public var kind: ChannelFaultKind {
        switch self {
        case .channelClosed: .channelClosed
        case .channelReset: .channelReset
        case .socketClosing: .socketClosing
        case .channelSilent: .channelSilent
        case .tokenRevoked: .tokenRevoked
        case .channelDeleted: .channelDeleted
        case .channelEvicted: .channelEvicted
        case .subscriptionResult: .subscriptionResult
        case .unknownSystemEvent: .unknownSystemEvent
        case .malformedMessage: .malformedMessage
        case .binaryMessage: .binaryMessage
        case .hugeMessage: .hugeMessage
        case .subscriptionRejected: .subscriptionRejected
        case .connectRefused: .connectRefused
        case .connectHang: .connectHang
        case .restRateLimited: .restRateLimited
        }
    }
}
