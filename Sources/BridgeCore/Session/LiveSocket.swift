/// An open socket.
struct LiveSocket: Hashable {
    let attempt: SessionAttempt
    let openedAt: Instant
    var keepAlive: KeepAlive
    var hasBatch = false
    /// Whether a message was handed on, and there is a position behind which another socket can resume.
    var hasDelivered = false
    var isHealthy = false
    var heldBackSince: Instant?

    var id: SocketID { self.attempt.id }
}
