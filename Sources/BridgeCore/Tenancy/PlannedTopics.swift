/// What became of the topics that a tenant wants.
public struct PlannedTopics: Hashable, Sendable {
    /// How many there are.
    public var count: Int
    /// Those that fit on no stream at all.
    public var unplaceable: [SubscriptionTopic]
    /// Why the plan stayed as it was; nil: it did not.
    public var refusal: String?

    /// Topics that were planned.
    public init(count: Int, unplaceable: [SubscriptionTopic] = [], refusal: String? = nil) {
        self.count = count
        self.unplaceable = unplaceable
        self.refusal = refusal
    }
}
