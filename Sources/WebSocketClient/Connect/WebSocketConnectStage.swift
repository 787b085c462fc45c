/// The steps of connecting, in order. All share one deadline.
public enum WebSocketConnectStage: String, Equatable, Sendable {
    /// Looking the host up.
    case resolution = "name resolution"
    /// The TCP handshake, with one address after the other.
    case connection = "TCP connection"
    /// The TLS handshake.
    case tls = "TLS handshake"
    /// From the upgrade request to the server's answer.
    case upgrade = "WebSocket upgrade"
}
