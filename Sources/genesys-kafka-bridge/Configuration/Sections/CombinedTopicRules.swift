import BridgeCore
import GenesysCloud

/// What holds for combined topics beside what holds for each topic: `v2.users.{user}?presence&routingStatus`.
struct CombinedTopicRules {
    private struct Owner {
        var rule: ChannelTopicRule
        var path: String
        var line: Int
    }

    /// Where `channels.combinedTopics` is off.
    static let notAllowed = ValueProblem(
        problem: "is a combined topic, and channels.combinedTopics is off",
        remedy: "write each of its topics for itself, or set channels.combinedTopics: true"
    )

    private static let listedMax = 20

    private let rules: [RedactionRule]
    /// Who brings which topic first. The same template with the same `named` is the same.
    private var owners: [ChannelTopicRule: Owner] = [:]

    /// - Parameter rules: what is hidden of the tenant's events.
    init(_ rules: [RedactionRule]) {
        self.rules = rules
    }

    /// What is wrong with `topic`, in which an id stands in the place of `{queue}` or `{user}`.
    static func problem(_ topic: CombinedTopic) -> ValueProblem? {
        if topic.leaves.count == 1, let leaf = topic.leaves.first, !leaf.isEmpty {
            return ValueProblem(
                problem: "is a combined topic of one",
                remedy: "write a full stop in place of the question mark"
            )
        }
        if let index = topic.unknownLeaves.first {
            return ValueProblem(
                problem: "is a combined topic whose part \(index + 1) is not known here",
                remedy: Self.remedy(topic.leaves[index], among: topic.knownLeaves)
            )
        }
        var seen: Set<String> = []
        if let index = topic.leaves.firstIndex(where: { !seen.insert($0).inserted }) {
            return ValueProblem(
                problem: "is a combined topic whose part \(index + 1) is there before",
                remedy: "keep one of them"
            )
        }
        let length = topic.text.utf8.count
        guard length >= CombinedTopic.lengthLimit else { return nil }
        return ValueProblem(
            problem: "is a combined topic of \(length) characters with its id",
            remedy: "write fewer than \(CombinedTopic.lengthLimit): spread its parts over two subscriptions"
        )
    }

    private static func remedy(_ leaf: String, among known: [String]) -> String {
        if let near = NearestName.find(leaf, among: known) { return "did you mean \(near)?" }
        guard !known.isEmpty else { return "write each of its topics for itself" }
        let more = known.count - Self.listedMax
        return "write some of \(known.prefix(Self.listedMax).joined(separator: ", "))"
            + (more > 0 ? " and \(more) more" : "")
    }

    /// Checks what a subscription that stands at `reader` brings against those before it, and against what is hidden of it.
    mutating func check(_ subscription: ChannelSubscription, at reader: MappingReader) {
        self.checkOverlap(subscription, at: reader)
        self.checkPrivacy(subscription, at: reader)
    }

    /// An event that two subscriptions bring would come once or twice: nobody has said which.
    private mutating func checkOverlap(_ subscription: ChannelSubscription, at reader: MappingReader) {
        var isReported = false
        for (topic, family) in zip(subscription.rule.topics, subscription.families) {
            guard let owner = self.owners[topic] else {
                self.owners[topic] = Owner(rule: subscription.rule, path: reader.path, line: reader.position.line)
                continue
            }
            // The same one twice is found anyhow.
            guard owner.rule != subscription.rule, !isReported else { continue }
            isReported = true
            reader.report(
                ChannelSubscriptionSettings.topic.key,
                "its events \(family) come from \(owner.path) in line \(owner.line), too",
                "leave them out of one of the two"
            )
        }
    }

    /// A gap record names the combined topic. Its id is hashed, or it is not: events of either kind must be found by it.
    private func checkPrivacy(_ subscription: ChannelSubscription, at reader: MappingReader) {
        let areHashed = subscription.families.map { family in
            self.rules.contains { $0.hashesResourceID && $0.family.matches(family) }
        }
        guard let first = areHashed.first, let index = areHashed.firstIndex(of: !first) else { return }
        let (one, other) = (subscription.families[0], subscription.families[index])
        reader.report(
            ChannelSubscriptionSettings.topic.key,
            "combines \(first ? one : other), whose ids privacy hashes, with \(first ? other : one), whose ids it keeps",
            "hash the ids of both, or of none, or write each of the topics for itself"
        )
    }
}
