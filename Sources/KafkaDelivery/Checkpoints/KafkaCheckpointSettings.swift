public import RDKafka

/// What a `KafkaCheckpointStore` needs to know.
public struct KafkaCheckpointSettings: Sendable {
    /// librdkafka's properties, of a producer.
    public var properties: KafkaConfiguration
    /// The topic.
    public var topic: String
    /// The tenants whose checkpoints are kept.
    public var tenants: Set<String>
    /// Names this process, and no other that ever was.
    public var instance: String
    /// How long a start waits for brokers and for the topic's end.
    public var startTimeout: Duration
    /// Take tenants whose owner record cannot be read: only a person may say so.
    public var takesUnreadableOwners: Bool

    /// See the properties.
    public init(
        properties: KafkaConfiguration,
        topic: String,
        tenants: Set<String>,
        instance: String,
        startTimeout: Duration = .seconds(60),
        takesUnreadableOwners: Bool = false
    ) {
        self.properties = properties
        self.topic = topic
        self.tenants = tenants
        self.instance = instance
        self.startTimeout = startTimeout
        self.takesUnreadableOwners = takesUnreadableOwners
    }
}
