/// One partition of a topic.
public struct KafkaPartition: Hashable, Sendable {
    /// The topic's name.
    public let topic: String
    /// Counted from 0.
    public let partition: Int32

    /// See the properties.
    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
}
