/// An open socket.
struct LiveSocket: Hashable {
    let attempt: SessionAttempt
    let openedAt: Instant
    var keepAlive: KeepAlive
    var hasBatch = false
    var isHealthy = false
    var heldBackSince: Instant?

    var id: SocketID { self.attempt.id }
}
