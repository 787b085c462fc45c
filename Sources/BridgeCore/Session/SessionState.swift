/// Where a session stands. Each case names its successors.
enum SessionState: Hashable {
    /// → `attempting`, `parked`, `draining`.
    case idle
    /// On the way to a socket. → `open`, `backingOff`, `parked`, `settling`, `draining`.
    case attempting(SessionAttempt)
    /// → `attempting`, `closing`, `backingOff`, `parked`, `settling`, `draining`.
    case open(Open)
    /// We closed; the adapter reports the end. → `backingOff`, `settling`, `draining`.
    case closing(Closing)
    /// Delivery failed: everything in flight is being reported. → `backingOff`, `draining`.
    case settling(Settling)
    /// → `attempting`, `settling`, `draining`.
    case backingOff(Pause)
    /// Only a person helps, or, with a time, the server's change of mind. → `attempting`, `settling`, `draining`.
    case parked(reason: String, retryAt: Instant?)
    /// The driver drains within its budget. → `finished`.
    case draining(isSettled: Bool)
    /// Terminal.
    case finished

    /// The socket that is read, and, during a rollover, the one that follows it.
    struct Open: Hashable {
        var live: LiveSocket
        var successor: Successor?
        /// When the successor is begun.
        var rolloverAt: Instant?
        /// The pre-flight of pruned subscriptions that is under way.
        var revalidation: SocketID?
    }

    /// The socket that is to take over (S4.8). Its trouble never harms the one that is read.
    enum Successor: Hashable {
        /// → `open`, `backingOff`, none.
        case attempting(SessionAttempt)
        /// It has not delivered yet. → it is the one that is read; `backingOff`, none.
        case open(LiveSocket)
        /// → `attempting`.
        case backingOff(Pause)

        /// Whether it can take over without beginning anew.
        var isUnderWay: Bool {
            switch self {
            case .attempting, .open: true
            case .backingOff: false
            }
        }
    }

    /// An end that we chose.
    struct Closing: Hashable {
        var socket: SocketID
        var reason: String
        /// A probe that was accepted is no failure.
        var isFailure: Bool
    }

    /// A time without an attempt.
    struct Pause: Hashable {
        var reason: String
        var until: Instant
        /// Only a token with a higher serial will do.
        var tokenNewerThan: Int?
    }

    /// What is still owed before the session may go on.
    struct Settling: Hashable {
        var reason: String
        /// Whether the driver has reported that everything is settled.
        var isSettled = false
    }
}
