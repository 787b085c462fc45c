/// Where a session stands. Each case names its successors.
enum SessionState: Hashable {
    /// → `awaitingToken`, `parked`, `draining`.
    case idle
    /// The token task is asked. → `connecting`, `settling`, `draining`.
    case awaitingToken
    /// The adapter is connecting. → `open`, `backingOff`, `parked`, `settling`, `draining`.
    case connecting
    /// → `closing`, `backingOff`, `parked`, `settling`, `draining`.
    case open(Open)
    /// We closed; the adapter reports the end. → `backingOff`, `settling`, `draining`.
    case closing(reason: String)
    /// Delivery failed: everything in flight is being reported. → `backingOff`, `draining`.
    case settling(Settling)
    /// → `awaitingToken`, `settling`, `draining`.
    case backingOff(reason: String, until: Instant)
    /// Only a person helps. → `draining`.
    case parked(reason: String)
    /// The driver drains within its budget. → `finished`.
    case draining(Draining)
    /// Terminal.
    case finished

    /// An open socket.
    struct Open: Hashable {
        var keepAlive: KeepAlive
        var openedAt: Instant
        var hasBatch = false
        var isHealthy = false
        var heldBackSince: Instant?
    }

    /// What is still owed before the session may go on.
    struct Settling: Hashable {
        var reason: String
        /// Whether the adapter still owes the end of a socket or an attempt.
        var isConnectionOwed: Bool
        /// Whether the driver has reported that everything is settled.
        var isSettled = false
    }

    /// What is still owed before the session is over.
    struct Draining: Hashable {
        var isOpen: Bool
        var isSettled = false
    }
}
