/// What a session is doing, for people.
public enum SessionStatus: Hashable, Sendable {
    /// Not started.
    case idle
    /// On the way to a socket.
    case attempting(Attempt)
    /// The socket is open.
    case open
    /// The socket is being closed.
    case closing
    /// Waiting for everything in flight to be reported after a failed delivery.
    case settling
    /// Waiting before the next attempt.
    case backingOff(reason: String)
    /// Stopped until a person changes something and restarts.
    case parked(reason: String)
    /// Draining for the end.
    case draining
    /// Over.
    case finished

    /// How far the way to a socket is gone.
    public enum Attempt: String, Hashable, Sendable, CaseIterable {
        /// Waiting for an access token.
        case awaitingToken = "awaiting-token"
        /// Asking the server about the subscriptions.
        case validating
        /// Waiting for the host's rate limit, or for the end of its hold-off.
        case awaitingTurn = "awaiting-turn"
        /// Opening a socket.
        case connecting
    }

    /// One word, for a status page.
    public var name: String {
        switch self {
        case .idle: "idle"
        case .attempting(let attempt): attempt.rawValue
        case .open: "open"
        case .closing: "closing"
        case .settling: "settling"
        case .backingOff: "backing-off"
        case .parked: "parked"
        case .draining: "draining"
        case .finished: "finished"
        }
    }

    /// Why, where there is a reason.
    public var reason: String? {
        switch self {
        case .backingOff(let reason), .parked(let reason): reason
        case .idle, .attempting, .open, .closing, .settling, .draining, .finished: nil
        }
    }
}
