/// What becomes of one subscription (S5.1, S5.2).
enum SubscriptionStanding: Equatable {
    case valid
    /// There is no such resource, event or event type.
    case notFound
    /// There is, but the client may not have it.
    case forbidden

    /// What the pre-flight says about it; nil for a valid one.
    var reason: String? {
        switch self {
        case .valid: nil
        case .notFound: "resource not found"
        case .forbidden: "insufficient permissions"
        }
    }
}
