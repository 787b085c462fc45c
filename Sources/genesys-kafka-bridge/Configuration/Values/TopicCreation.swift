/// How topics are created, by whoever asks for it.
struct TopicCreation: Hashable, Sendable {
    /// Of an event topic.
    var partitions: Int
    /// Nil: the brokers' default.
    var replicationFactor: Int?
    /// Nil: the brokers' default.
    var retention: Duration?
}
