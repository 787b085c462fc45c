/// TCP's own watch over a connection (S6.1).
struct TCPConfiguration: Hashable, Sendable {
    var keepAliveIdle: Duration
    var keepAliveInterval: Duration
    var keepAliveCount: Int
    /// How long sent bytes may stay unacknowledged (TCP_USER_TIMEOUT).
    var userTimeout: Duration
}
