/// Why there is no socket, whether it never opened or has ended.
enum SessionTrouble: Hashable {
    case unauthorized(reason: String)
    case forbidden(reason: String)
    case tokenExpired
    case throttled(retryAfterSeconds: Int?, reason: String)
    case subscriptionsRejected(reason: String)
    case positionLost(reason: String)
    case lost(reason: String)

    init(_ failure: ConnectFailure) {
        switch failure {
        case .unauthorized(let reason): self = .unauthorized(reason: reason)
        case .forbidden(let reason): self = .forbidden(reason: reason)
        case .throttled(let seconds, let reason): self = .throttled(retryAfterSeconds: seconds, reason: reason)
        case .subscriptionsRejected(let reason): self = .subscriptionsRejected(reason: reason)
        case .positionLost(let reason): self = .positionLost(reason: reason)
        case .unavailable(let reason): self = .lost(reason: reason)
        }
    }

    init(_ end: ConnectionEnd) {
        switch end {
        case .tokenExpired: self = .tokenExpired
        case .throttled(let seconds, let reason): self = .throttled(retryAfterSeconds: seconds, reason: reason)
        case .subscriptionsRejected(let reason): self = .subscriptionsRejected(reason: reason)
        case .positionLost(let reason): self = .positionLost(reason: reason)
        case .lost(let reason): self = .lost(reason: reason)
        }
    }

    /// Why, for people.
    var reason: String {
        switch self {
        case .unauthorized(let reason), .forbidden(let reason), .throttled(_, let reason),
            .subscriptionsRejected(let reason), .positionLost(let reason), .lost(let reason):
            reason
        case .tokenExpired:
            "token expired"
        }
    }
}
