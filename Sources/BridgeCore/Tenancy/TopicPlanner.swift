/// From what a tenant wants to what each of its streams brings. Pure: the lists of resources are given to it.
public protocol TopicPlanner: Sendable {
    /// The lists of resources that it needs, each once.
    var queries: [ResourceQuery] { get }

    /// Whether a stream begins with what its predecessor brought, although something else may be wanted by now: then what is new to it is told
    /// from what it missed.
    var beginsAsPlanned: Bool { get }

    /// Makes `plan` bring what is wanted, where `found` holds what each query found. No topic that stays moves to another stream.
    func want(found: [ResourceQuery: [String]], in plan: inout SubscriptionPlan) -> PlannedTopics
}

extension TopicPlanner {
    /// Each query once, where it stands first.
    static func distinct(_ queries: [ResourceQuery]) -> [ResourceQuery] {
        var seen: Set<ResourceQuery> = []
        return queries.filter { seen.insert($0).inserted }
    }
}
