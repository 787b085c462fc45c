/// The steps of connecting, in order. All share one deadline.
public enum WebSocketConnectStage: String, Equatable, Sendable {
    /// Looking the host up: the proxy's, where there is one.
    case resolution = "name resolution"
    /// The TCP handshake, with one address after the other.
    case connection = "TCP connection"
    /// From asking the proxy for a tunnel to its answer.
    case tunnel = "proxy tunnel"
    /// The TLS handshake.
    case tls = "TLS handshake"
    /// From the upgrade request to the server's answer.
    case upgrade = "WebSocket upgrade"
}
