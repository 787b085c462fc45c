public import BridgeCore

/// Where a topic has an id, by the platform's topics as they are known here: what stands in front of it says whose it is.
public struct IDPlace: Hashable, Sendable {
    /// What stands in front of the id: `users`, `queues`, `campaigns`.
    public var owner: String
    /// Which list has such ids; nil: none of those that are followed.
    public var kind: ResourceQuery.Kind?

    private static let templates = TopicTemplates.all.split(separator: "\n").map { $0.split(separator: ".") }
    private static let id: Substring = "{id}"
    /// An audit says the type of its entity beside it: it may be any.
    private static let anyOwner: Substring = "entityid"
    /// The platform calls a user who works on conversations an agent; the id is the user's.
    private static let kinds: [String: ResourceQuery.Kind] = [
        "queues": .queues, "users": .users, "agent": .users, "agents": .users,
    ]

    /// The place of the placeholder of `rule`. Nil where it has none, where no topic that is known begins so, and where any id may stand.
    public init?(_ rule: ChannelTopicRule) {
        guard case .template(let text, _) = rule else { return nil }
        let parts = (CombinedTopic(text)?.base ?? text).split(separator: ".")
        guard let place = parts.firstIndex(where: { $0.hasPrefix("{") }), place > 0,
            let owner = Self.templates.lazy.compactMap({ Self.owner(of: place, in: $0, fitting: parts) }).first
        else { return nil }
        self.owner = String(owner)
        self.kind = Self.kinds[self.owner]
    }

    private static func owner(of place: Int, in template: [Substring], fitting parts: [Substring]) -> Substring? {
        guard template.count > place, template[place] == Self.id,
            zip(template, parts).prefix(place).allSatisfy({ $0 == Self.id || $0 == $1 })
        else { return nil }
        let owner = template[place - 1]
        return owner == Self.id || owner == Self.anyOwner ? nil : owner
    }
}
