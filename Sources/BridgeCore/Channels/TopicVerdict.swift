/// What the server says of one topic that was asked for.
public struct TopicVerdict: Hashable, Sendable {
    /// The topic, as it was asked for.
    public var topic: String
    /// Why the server does not bring it, in words that are safe to print; nil: it does.
    public var rejection: String?

    /// A verdict on `topic`.
    public init(topic: String, rejection: String? = nil) {
        self.topic = topic
        self.rejection = rejection
    }
}
