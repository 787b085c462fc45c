import BridgeCore
import GenesysCloud

/// A topic of the public API's channels, or a template for many (C10); either may be a combined one.
struct ChannelSubscription: Hashable, Sendable {
    let rule: ChannelTopicRule
    /// The families of its events: of a combined topic several.
    let families: [String]
    /// The entity that all its events are about; nil where its topics are about many, or about none.
    let resourceID: String?
    /// Whether its topic is one that is known here.
    let isKnown: Bool
    /// What is inherited with what it says itself.
    var records: RecordStyle

    /// Looks like an id, wherever the platform has one, and is as long as one.
    static let anyID = "00000000-0000-4000-8000-000000000000"

    init(rule: ChannelTopicRule, records: RecordStyle) {
        let topic = rule.filled(with: Self.anyID)
        let name = TopicName(topic)
        self.rule = rule
        self.families = TopicName.families(of: topic)
        self.resourceID = name.entityIDs.first.flatMap { $0 == Self.anyID ? nil : $0 }
        self.isKnown = name.isKnown
        self.records = records
    }

    /// How its records see its events.
    var routedEvents: [RoutedEvents] {
        self.families.map { RoutedEvents(family: $0, resourceID: self.resourceID, records: self.records) }
    }
}
