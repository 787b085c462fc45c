/// One subscription of a stream (S1.3).
struct SubscriptionConfiguration: Hashable, Sendable {
    /// The event's name, for example `routing.queueEvents`.
    var event: String
    var resourceID: String?
    /// Every resource of this kind instead of one, and the pattern of their names.
    var resources: ResourceKind?
    var named: String?
    /// In the file's order; the names differ.
    var filters: [SubscriptionFilter]
    /// Whether it may have neither resource nor filters (S3.2).
    var allowUnfiltered: Bool
    /// What is inherited with what it says itself.
    var records: RecordStyle

    /// How its records see its events.
    var routedEvents: RoutedEvents {
        RoutedEvents(family: self.event, resourceID: self.resourceID, records: self.records)
    }
}
