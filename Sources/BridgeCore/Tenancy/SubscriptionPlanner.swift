/// Packs the subscriptions of the stream dialect onto sockets (S3.5).
public struct SubscriptionPlanner: TopicPlanner {
    private let rules: [SubscriptionRule]
    private let limits: SubscriptionPlan.Limits
    private let urlBytes: @Sendable (SubscriptionTopic) -> Int

    /// - Parameters:
    ///   - rules: what the tenant wants.
    ///   - limits: what fits on one socket.
    ///   - urlBytes: what a subscription adds to the URL of an upgrade, in bytes.
    public init(
        rules: [SubscriptionRule],
        limits: SubscriptionPlan.Limits,
        urlBytes: @escaping @Sendable (SubscriptionTopic) -> Int
    ) {
        self.rules = rules
        self.limits = limits
        self.urlBytes = urlBytes
    }

    /// The lists of resources that the rules need.
    public var queries: [ResourceQuery] { Self.distinct(self.rules.compactMap(\.query)) }

    /// A socket that is to bring something else is replaced: better not to open it at all.
    public var beginsAsPlanned: Bool { false }

    /// Makes `plan` bring what the rules want.
    public func want(found: [ResourceQuery: [String]], in plan: inout SubscriptionPlan) -> PlannedTopics {
        let topics = SubscriptionRule.topics(of: self.rules, found: found)
        let unplaceable = plan.want(topics, limits: self.limits, urlBytes: self.urlBytes)
        return PlannedTopics(count: topics.count, unplaceable: unplaceable)
    }
}
