/// What a tenant wants of this dialect (C10): a topic as it is, or one for each resource that a query finds.
public enum ChannelTopicRule: Hashable, Sendable {
    /// `v2.routing.queues.<id>.conversations`, a topic without an id, or a combined one.
    case topic(String)
    /// `v2.routing.queues.{queue}.conversations`, with each queue's id in the place of `{queue}`; or a combined one of that kind.
    case template(String, query: ResourceQuery)

    /// Why a text is no rule.
    public struct Defect: Error, Hashable, Sendable, CustomStringConvertible {
        /// The text.
        public var text: String
        /// What is wrong with it: goes on behind it.
        public var problem: String

        /// What is wrong, for people.
        public var description: String { "'\(self.text)' \(self.problem)" }
    }

    private static let kinds = ResourceQuery.Kind.allCases.map { (placeholder: Self.placeholder(of: $0), kind: $0) }

    /// Reads a topic, or a template with one `{queue}` or `{user}`; `namePattern` narrows what a template is filled with.
    public static func rule(_ text: String, namePattern: String? = nil) throws(Defect) -> ChannelTopicRule {
        guard text.hasPrefix("v2."), text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw Defect(text: text, problem: "is no topic: it does not begin with v2., or has spaces")
        }
        let found = Self.kinds.filter { text.contains($0.placeholder) }
        guard let first = found.first else {
            guard !text.contains("{"), !text.contains("}") else {
                throw Defect(text: text, problem: "has a placeholder other than {queue} and {user}")
            }
            guard namePattern == nil else {
                throw Defect(text: text, problem: "names no resources that a pattern could choose from")
            }
            return .topic(text)
        }
        // An id stands in the base of a combined topic: its leaves are names.
        let combined = CombinedTopic(text)
        let parts = (combined?.base ?? text).split(separator: ".").map(String.init) + (combined?.leaves ?? [])
        let rest = parts.filter { $0.contains("{") || $0.contains("}") }
        guard found.count == 1, rest == [first.placeholder],
            combined?.base.contains(first.placeholder) ?? true
        else {
            throw Defect(text: text, problem: "has more than one placeholder, or one beside other text")
        }
        return .template(text, query: ResourceQuery(kind: first.kind, namePattern: namePattern))
    }

    /// What stands for an id of `kind` in a template.
    public static func placeholder(of kind: ResourceQuery.Kind) -> String {
        switch kind {
        case .queues: "{queue}"
        case .users: "{user}"
        }
    }

    /// The query, where the rule has one.
    public var query: ResourceQuery? {
        switch self {
        case .topic: nil
        case .template(_, let query): query
        }
    }

    /// The rules of the topics under which its events come: of a combined topic several.
    public var topics: [ChannelTopicRule] {
        switch self {
        case .topic(let topic): CombinedTopic.topics(of: topic).map { .topic($0) }
        case .template(let template, let query):
            CombinedTopic.topics(of: template).map { .template($0, query: query) }
        }
    }

    /// The rule's text with `id` in the place of what stands for one.
    public func filled(with id: String) -> String {
        switch self {
        case .topic(let topic): return topic
        case .template(let template, _):
            return Self.kinds.reduce(template) { $0.replacing($1.placeholder, with: id) }
        }
    }

    /// The topics that rules stand for, in the rules' order, so that each event comes once. `found` holds what each query found.
    ///
    /// Combined ones go before others, so that a topic that is wanted for itself, too, changes no other subscription; of two combined ones
    /// the first.
    public static func topics(of rules: [ChannelTopicRule], found: [ResourceQuery: [String]]) -> [String] {
        let wanted = rules.flatMap { rule in
            switch rule {
            case .topic(let topic): [topic]
            case .template(_, let query): (found[query] ?? []).map(rule.filled)
            }
        }
        let combined = wanted.map { CombinedTopic($0) }
        var seen: Set<String> = []
        let reduced = combined.map { topic -> CombinedTopic? in
            guard var topic else { return nil }
            topic.leaves.removeAll { !seen.insert("\(topic.base).\($0)").inserted }
            return topic
        }
        return zip(wanted, reduced).compactMap { topic, combined in
            guard let combined else { return seen.insert(topic).inserted ? topic : nil }
            return combined.leaves.count > 1 ? combined.text : combined.topics.first
        }
    }
}
