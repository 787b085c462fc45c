import BridgeCore
import GenesysCloud

/// A topic of the public API's channels, or a template for many (C10).
struct ChannelSubscription: Hashable, Sendable {
    let rule: ChannelTopicRule
    /// The family of its events.
    let family: String
    /// The entity that all its events are about; nil where its topics are about many, or about none.
    let resourceID: String?
    /// Whether its topic is one that is known here.
    let isKnown: Bool
    /// What is inherited with what it says itself.
    var records: RecordStyle

    /// Looks like an id, wherever the platform has one.
    private static let anyID = "00000000-0000-4000-8000-000000000000"

    init(rule: ChannelTopicRule, records: RecordStyle) {
        let topic =
            switch rule {
            case .topic(let topic): topic
            case .template(let template, _): template.replacing(/\{[a-z]+\}/, with: Self.anyID)
            }
        let name = TopicName(topic)
        self.rule = rule
        self.family = name.family
        self.resourceID = name.entityIDs.first.flatMap { $0 == Self.anyID ? nil : $0 }
        self.isKnown = name.isKnown
        self.records = records
    }

    /// How its records see its events.
    var routedEvents: RoutedEvents {
        RoutedEvents(family: self.family, resourceID: self.resourceID, records: self.records)
    }
}
