import BridgeCore
import GenesysCloud

/// `tenants[].subscriptions[]` of a tenant with `protocol: channels`.
enum ChannelSubscriptionSettings {
    static let topic = Self.topic(mayBeCombined: false)

    private static func topic(mayBeCombined: Bool) -> BareSetting<String> {
        BareSetting(
            required: "topic",
            .text(
                "a topic",
                range: "such as v2.routing.queues.{queue}.conversations",
                limit: 256,
                check: { Self.problem($0, mayBeCombined: mayBeCombined) }
            ),
            "with protocol: channels: a notification topic; {queue} or {user} in an id's place stands for each one's, found and followed "
                + "through the platform API; with channels.combinedTopics also several in one, v2.users.{user}?presence&routingStatus"
        )
    }

    /// What no server would take.
    private static func problem(_ text: String, mayBeCombined: Bool) -> ValueProblem? {
        let rule: ChannelTopicRule
        do throws(ChannelTopicRule.Defect) {
            rule = try ChannelTopicRule.rule(text)
        } catch {
            return ValueProblem(problem: error.problem)
        }
        if text.hasPrefix("v2.system.") {
            return ValueProblem(problem: "is the service's own", remedy: "leave it out: it is watched anyway")
        }
        if text.contains("*") {
            return ValueProblem(
                problem: "has a wildcard, which the service does not know",
                remedy: "write {queue} or {user} in an id's place, and named beside it"
            )
        }
        if let combined = CombinedTopic(rule.filled(with: ChannelSubscription.anyID)) {
            guard mayBeCombined else { return CombinedTopicRules.notAllowed }
            return CombinedTopicRules.problem(combined) ?? Self.problem(ofPlaceholderIn: rule)
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 2, parts.allSatisfy({ !$0.isEmpty }) else {
            return ValueProblem(problem: "is no topic: a part of it is missing")
        }
        return Self.problem(ofPlaceholderIn: rule)
    }

    /// The ids of others would be taken, and bring nothing.
    static func problem(ofPlaceholderIn rule: ChannelTopicRule) -> ValueProblem? {
        guard let place = IDPlace(rule), let kind = rule.query?.kind, kind != place.kind else { return nil }
        let problem = "has \(ChannelTopicRule.placeholder(of: kind)) as the id behind \(place.owner)"
        guard let right = place.kind else {
            return ValueProblem(problem: problem, remedy: "write the id itself: {queue} and {user} stand for no others")
        }
        return ValueProblem(problem: problem, remedy: "write \(ChannelTopicRule.placeholder(of: right)) in its place")
    }

    /// Decodes the list; nil where it is missing or empty, and then that is reported. `rules` say what is hidden of the tenant's events.
    static func decodeList(
        _ tenant: MappingReader,
        tenant name: String?,
        shared: TenantSettings.Shared,
        style: DecodedStyle,
        rules: [RedactionRule],
        topics: inout TopicCollisions
    ) -> [ChannelSubscription]? {
        let foreign = [
            SubscriptionSettings.event.key, SubscriptionSettings.resourceID.key, SubscriptionSettings.resources.key,
            "filters", SubscriptionSettings.allowUnfiltered.key,
        ]
        let walk = SubscriptionWalk(tenant: tenant, name: name, style: style, dialect: .channels, foreignKeys: foreign)
        let topic = Self.topic(
            mayBeCombined: ChannelsSettings.mayHaveCombinedTopics(shared.channels, tenant.context)
        )
        var combined = CombinedTopicRules(rules)
        var unknown: Set<String> = []
        return walk.decode(into: &topics) { reader, records in
            guard let subscription = Self.decode(reader, topic, records) else { return nil }
            // One warning for each, however many ids it is written with.
            if !subscription.isKnown, let family = subscription.families.first, unknown.insert(family).inserted {
                Self.warn(of: family, at: reader, withNearest: unknown.count <= Self.nearestMax)
            }
            combined.check(subscription, at: reader)
            return subscription
        } routedEvents: {
            $0.routedEvents
        }
    }

    private static func decode(
        _ reader: MappingReader,
        _ setting: BareSetting<String>,
        _ records: RecordStyle
    ) -> ChannelSubscription? {
        let named = reader.value(SubscriptionSettings.named)
        guard let topic = reader.value(setting), var rule = try? ChannelTopicRule.rule(topic) else { return nil }
        if case .template(let template, var query) = rule {
            query.namePattern = named
            rule = .template(template, query: query)
        } else if reader.has(SubscriptionSettings.named.key) {
            reader.report(
                SubscriptionSettings.named.key,
                "given with a topic that names no resources",
                "write {queue} or {user} in the topic"
            )
        }
        return ChannelSubscription(rule: rule, records: records)
    }

    /// Looking for the nearest takes its time.
    private static let nearestMax = 20

    private static func warn(of family: String, at reader: MappingReader, withNearest: Bool) {
        let near = withNearest ? NearestName.find(family, among: TopicName.knownFamilies) : nil
        reader.warn(
            Self.topic.key,
            "not a topic that is known here: \(family)",
            near.flatMap(TopicName.knownTopic).map { "did you mean \($0)?" } ?? "see whether the organization has it"
        )
    }

    /// Topics that are named must find a place without any that a query finds (C7).
    static func checkBudget(
        _ subscriptions: [ChannelSubscription],
        _ channels: ChannelsConfiguration,
        _ tenant: MappingReader
    ) {
        guard !ChannelsSettings.hasIssueOfBudget(tenant.context) else { return }
        var plan = ChannelPlan()
        do throws(ChannelPlan.OverBudget) {
            try plan.want(
                ChannelTopicRule.topics(of: subscriptions.map(\.rule), found: [:]),
                limits: channels.limits
            )
        } catch {
            tenant.report(
                "subscriptions",
                error.description,
                "name fewer topics, or give the rest to a tenant with an OAuth client of its own"
            )
        }
    }
}
