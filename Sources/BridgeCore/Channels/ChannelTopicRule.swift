/// What a tenant wants of this dialect (C10): a topic as it is, or one for each resource that a query finds.
public enum ChannelTopicRule: Hashable, Sendable {
    /// `v2.routing.queues.<id>.conversations`, or a topic without an id.
    case topic(String)
    /// `v2.routing.queues.{queue}.conversations`, with each queue's id in the place of `{queue}`.
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

    private static let kinds: [(placeholder: String, kind: ResourceQuery.Kind)] = [
        ("{queue}", .queues), ("{user}", .users),
    ]

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
        let rest = text.split(separator: ".").filter { $0.contains("{") || $0.contains("}") }
        guard found.count == 1, rest == [Substring(first.placeholder)] else {
            throw Defect(text: text, problem: "has more than one placeholder, or one beside other text")
        }
        return .template(text, query: ResourceQuery(kind: first.kind, namePattern: namePattern))
    }

    /// The query, where the rule has one.
    public var query: ResourceQuery? {
        switch self {
        case .topic: nil
        case .template(_, let query): query
        }
    }

    /// The topics that rules stand for, each once, in the rules' order. `found` holds what each query found.
    public static func topics(of rules: [ChannelTopicRule], found: [ResourceQuery: [String]]) -> [String] {
        var seen: Set<String> = []
        var topics: [String] = []
        for rule in rules {
            switch rule {
            case .topic(let topic):
                if seen.insert(topic).inserted { topics.append(topic) }
            case .template(let template, let query):
                let parts = template.split(separator: ".", omittingEmptySubsequences: false)
                for id in found[query] ?? [] {
                    let topic = parts.map { $0.hasPrefix("{") ? id[...] : $0 }.joined(separator: ".")
                    if seen.insert(topic).inserted { topics.append(topic) }
                }
            }
        }
        return topics
    }
}
