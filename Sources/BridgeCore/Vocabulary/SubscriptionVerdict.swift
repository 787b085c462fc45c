/// What a pre-flight says of one subscription (S5.2).
public struct SubscriptionVerdict: Hashable, Sendable {
    /// The subscription.
    public var topic: SubscriptionTopic
    /// Why the server would refuse it, in words that are safe to print; nil: it would take it.
    public var refusal: String?

    /// A verdict on `topic`.
    public init(topic: SubscriptionTopic, refusal: String?) {
        self.topic = topic
        self.refusal = refusal
    }
}
