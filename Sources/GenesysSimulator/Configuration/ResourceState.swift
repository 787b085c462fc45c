/// Whether a resource of a tenant may be subscribed to.
public enum ResourceState: String, Sendable, Equatable, Codable {
    case available
    /// It is there and makes events, but the client lacks the scope for it.
    case forbidden
    /// It makes no events any more.
    case deleted
}
