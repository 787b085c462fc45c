/// Names resources by what they are instead of by their ids (S5.5).
public struct ResourceQuery: Hashable, Sendable {
    /// Which list of the platform API.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `GET /api/v2/routing/queues`.
        case queues
        /// `GET /api/v2/users`.
        case users
    }

    /// Which list.
    public var kind: Kind
    /// Only resources whose name matches: `*` stands for any run of characters, `?` for one, and upper and lower case are the same. Nil: all.
    public var namePattern: String?

    /// A query for `kind`.
    public init(kind: Kind, namePattern: String? = nil) {
        self.kind = kind
        self.namePattern = namePattern
    }

    /// For people: `queues` or `queues named "Sales*"`.
    public var label: String {
        self.namePattern.map { "\(self.kind.rawValue) named \"\($0)\"" } ?? self.kind.rawValue
    }
}
