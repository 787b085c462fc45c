/// A message of the control plane: it never becomes a record.
public enum ChannelControl: Hashable, Sendable {
    /// The server's heartbeat, about every 30 s.
    case heartbeat
    /// The answer to `{"message":"ping"}`.
    case pong
    /// `v2.system.socket_closing`: the server closes the socket soon, on purpose.
    case socketClosing
    /// `v2.system.no_longer_subscribed.{id}`: somebody else took the place.
    case noLongerSubscribed(reason: String)
    /// `v2.system.token_revoked.{id}`.
    case tokenRevoked
    /// `{"result":"200","status":"subscribed"}`.
    case subscribed
    /// `{"result":"404",…}`: the channel is gone.
    case channelGone
    /// Another control message, which says nothing that is known here.
    case unknown
}
