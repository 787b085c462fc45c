/// Topics of one base in one subscription (section 3 of the dialect): `v2.users.<id>?presence&routingStatus`. To the server and in gap records
/// it is one topic; its events come under the names of those that it stands for, `v2.users.<id>.presence` and so on.
public struct CombinedTopic: Hashable, Sendable {
    /// A subscription has fewer characters than this.
    public static let lengthLimit = 200

    private static let separator: Character = "?"

    /// What its topics begin with.
    public var base: String
    /// What follows that in each of them, in the order given.
    public var leaves: [String]

    /// Takes `text` apart; nil where it is a topic for itself. What its parts are, and whether they are any, is not looked at.
    public init?(_ text: String) {
        guard let end = text.firstIndex(of: Self.separator) else { return nil }
        self.base = String(text[..<end])
        self.leaves = text[text.index(after: end)...].split(separator: "&", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// The names under which its events come.
    public var topics: [String] { self.leaves.map { "\(self.base).\($0)" } }

    /// As it is subscribed.
    public var text: String { "\(self.base)\(Self.separator)\(self.leaves.joined(separator: "&"))" }

    /// The names under which the events of any subscription come: of a topic for itself that alone.
    public static func topics(of subscription: String) -> [String] {
        CombinedTopic(subscription)?.topics ?? [subscription]
    }
}
