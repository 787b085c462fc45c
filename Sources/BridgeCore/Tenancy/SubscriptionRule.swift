/// What a tenant wants: a subscription by name, or one for each resource that a query finds (S5.5).
public enum SubscriptionRule: Hashable, Sendable {
    /// One subscription.
    case topic(SubscriptionTopic)
    /// One subscription of `event` for each resource that `query` finds.
    case query(event: String, filters: [SubscriptionFilter], query: ResourceQuery)

    /// The query, where the rule has one.
    public var query: ResourceQuery? {
        switch self {
        case .topic: nil
        case .query(_, _, let query): query
        }
    }

    /// The subscriptions that rules stand for, each once, in the rules' order. `found` holds what each query found.
    public static func topics(
        of rules: [SubscriptionRule],
        found: [ResourceQuery: [String]]
    ) -> [SubscriptionTopic] {
        var seen: Set<SubscriptionTopic> = []
        var topics: [SubscriptionTopic] = []
        for rule in rules {
            switch rule {
            case .topic(let topic):
                if seen.insert(topic).inserted { topics.append(topic) }
            case .query(let event, let filters, let query):
                for id in found[query] ?? [] {
                    let topic = SubscriptionTopic(event: event, resourceID: id, filters: filters)
                    if seen.insert(topic).inserted { topics.append(topic) }
                }
            }
        }
        return topics
    }
}
