/// A topic to create.
public struct KafkaNewTopic: Hashable, Sendable {
    /// The topic's name.
    public var name: String
    /// At least 1.
    public var partitionCount: Int
    /// Copies of each partition; `nil`: the brokers' default (Kafka 2.4 or newer).
    public var replicationFactor: Int?
    /// Topic properties, such as `retention.ms`; the brokers' defaults stand for the others.
    public var properties: [String: String]

    /// See the properties.
    public init(name: String, partitionCount: Int, replicationFactor: Int? = nil, properties: [String: String] = [:]) {
        self.name = name
        self.partitionCount = partitionCount
        self.replicationFactor = replicationFactor
        self.properties = properties
    }
}
