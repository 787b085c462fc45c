/// The REST lists that a resource can be part of (S5.5).
public enum ResourceList: String, Sendable, Equatable, CaseIterable {
    /// `GET /api/v2/routing/queues`.
    case queues
    /// `GET /api/v2/users`.
    case users

    /// The list that the resources of an event are in; nil for those that are in none, such as conversations.
    public init?(event: String) {
        if event.hasPrefix("routing.queue") {
            self = .queues
        } else if event.hasPrefix("user.") || event.hasPrefix("users.") {
            self = .users
        } else {
            return nil
        }
    }

    /// Where the list is.
    var path: String {
        switch self {
        case .queues: "/api/v2/routing/queues"
        case .users: "/api/v2/users"
        }
    }
}
