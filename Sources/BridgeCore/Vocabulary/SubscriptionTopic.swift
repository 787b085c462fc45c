/// What a stream asks for: an event type, of one resource or of all, narrowed by filters (S1.3).
public struct SubscriptionTopic: Hashable, Sendable {
    /// The event type, for example `routing.queueEvents`.
    public var event: String
    /// The resource; nil for all.
    public var resourceID: String?
    /// The filters, in the order given.
    public var filters: [SubscriptionFilter]
    /// Whether it may have neither a resource nor filters (S3.2).
    public var allowUnfiltered: Bool

    /// A subscription to `event`.
    public init(
        event: String,
        resourceID: String? = nil,
        filters: [SubscriptionFilter] = [],
        allowUnfiltered: Bool = false
    ) {
        self.event = event
        self.resourceID = resourceID
        self.filters = filters
        self.allowUnfiltered = allowUnfiltered
    }

    /// Whether it asks for a whole platform's events without having said that this is meant (S3.2).
    public var isUnfilteredByMistake: Bool {
        self.resourceID == nil && self.filters.isEmpty && !self.allowUnfiltered
    }

    /// Event and resource, for people: `routing.queueEvents:abc-123`.
    public var label: String {
        self.resourceID.map { "\(self.event):\($0)" } ?? self.event
    }
}
