/// What a stream asks for: an event type, of one resource or of all, narrowed by filters (S1.3).
public struct StreamSubscription: Hashable, Sendable {
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

    /// The JSON that the server is sent (S1.3): an array with one object, its members always in the same order.
    public var json: String {
        var members = ["\"event\":\(JSONText.string(self.event))"]
        if let resourceID = self.resourceID {
            members.append("\"resourceId\":\(JSONText.string(resourceID))")
        }
        if !self.filters.isEmpty {
            let filters = self.filters.map { filter in
                "\(JSONText.string(filter.name)):[\(filter.values.map(JSONText.string).joined(separator: ","))]"
            }
            members.append("\"filters\":{\(filters.joined(separator: ","))}")
        }
        return "[{\(members.joined(separator: ","))}]"
    }
}
