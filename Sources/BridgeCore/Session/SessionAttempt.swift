/// An attempt at a socket: token, pre-flight, the host's turn, handshake.
struct SessionAttempt: Hashable {
    /// How far it has come. Each is an operation that the driver bounds.
    enum Phase: Hashable {
        /// The token task is asked. → `validating`, `awaitingTurn`.
        case awaitingToken
        /// The server is asked about the subscriptions. → `awaitingTurn`.
        case validating
        /// The host's rate limit or hold-off is waited for. → `connecting`.
        case awaitingTurn
        /// The adapter is connecting. Terminal: a socket, or a failure.
        case connecting
    }

    let id: SocketID
    var phase: Phase = .awaitingToken
    var tokenSerial: Int?
    var tokenExpiresAt: Instant?
    var topics: [SubscriptionTopic] = []
    /// Whether it only finds out if the server takes its subscriptions (S5.4): nothing that it brings is handed on.
    var isProbe = false
    var resumedFrom: Position?
}
