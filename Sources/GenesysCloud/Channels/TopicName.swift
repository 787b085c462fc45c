internal import BridgeCore

/// A topic of the notification service, taken apart (section 3 of the dialect): `v2.routing.queues.<id>.conversations` is of the family
/// `routing.queues.conversations`, and its entity is the queue.
///
/// Where the ids stand is known of the platform's topics (`TopicTemplates`). Of one that is not among them the parts that look like ids are:
/// UUIDs, and what has a digit and none but hexadecimal digits and hyphens.
public struct TopicName: Hashable, Sendable {
    /// The name without `v2` and without ids: the family of its Kafka topic.
    public var family: String
    /// The ids, in order. The first is the entity whose order matters: whatever the others name belongs to it.
    public var entityIDs: [String]
    /// Whether it is one of the platform's topics as they are known here. New ones appear.
    public var isKnown: Bool

    /// Takes `text` apart. Of a combined topic, `v2.users.<id>?presence&routingStatus`, this is the first that it stands for; all of them have
    /// the same ids.
    public init(_ text: String) {
        let bytes = Array((CombinedTopic.topics(of: text).first ?? text).utf8)
        let parsed = TopicParser.standard.parse(bytes.span)
        self.isKnown = parsed.family != nil
        self.family = String(decoding: TopicParser.standard.family(parsed, bytes.span), as: UTF8.self)
        self.entityIDs = TopicParser.standard.ids(bytes.span).map { range in
            String(decoding: bytes[range], as: UTF8.self)
        }
    }

    /// The families of the platform's topics.
    public static var knownFamilies: [String] {
        TopicParser.standard.families.map { String(decoding: $0, as: UTF8.self) }
    }

    /// A topic of this family as the platform has it, with `{id}` where an id stands; nil: none is known.
    public static func knownTopic(ofFamily family: String) -> String? {
        TopicTemplates.all.split(separator: "\n").first { topic in
            topic.dropFirst("v2.".count).replacing(".{id}", with: "") == family
        }
        .map(String.init)
    }

    /// The families of a topic's events: of a combined one several.
    public static func families(of text: String) -> [String] {
        CombinedTopic.topics(of: text).map { TopicName($0).family }
    }
}
