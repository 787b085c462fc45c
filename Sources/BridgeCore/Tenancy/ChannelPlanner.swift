/// Spreads topics over channels (C7). Over budget: the plan stays as it was, and the refusal has the arithmetic.
public struct ChannelPlanner: TopicPlanner {
    private let rules: [ChannelTopicRule]
    private let limits: ChannelPlan.Limits

    /// - Parameters:
    ///   - rules: what the tenant wants.
    ///   - limits: what an application may have.
    public init(rules: [ChannelTopicRule], limits: ChannelPlan.Limits) {
        self.rules = rules
        self.limits = limits
    }

    /// The lists of resources that the rules need.
    public var queries: [ResourceQuery] { Self.distinct(self.rules.compactMap(\.query)) }

    /// What is planned is observed before a list is there; what a list brings beside it has its gap.
    public var beginsAsPlanned: Bool { true }

    /// Makes `plan` bring what the rules want: the topics of a channel are the events of its stream.
    public func want(found: [ResourceQuery: [String]], in plan: inout SubscriptionPlan) -> PlannedTopics {
        let topics = ChannelTopicRule.topics(of: self.rules, found: found)
        var channels = ChannelPlan(
            channels: plan.streams.map { ChannelPlan.Channel(name: $0.name, topics: $0.topics.map(\.event)) }
        )
        do throws(ChannelPlan.OverBudget) {
            try channels.want(topics, limits: self.limits)
        } catch {
            return PlannedTopics(count: topics.count, refusal: error.description)
        }
        plan = SubscriptionPlan(
            streams: channels.channels.map { channel in
                let topics = channel.topics.map { SubscriptionTopic(event: $0, allowUnfiltered: true) }
                return SubscriptionPlan.Stream(name: channel.name, topics: topics)
            },
            listedAtMilliseconds: plan.listedAtMilliseconds
        )
        return PlannedTopics(count: topics.count)
    }
}
