/// Where an event's record goes, and what it looks like there.
public struct RecordDestination: Hashable, Sendable {
    /// The Kafka topic's name.
    public var kafkaTopic: String
    /// What its key is.
    public var key: RecordKey
    /// Whether it carries the CloudEvents headers.
    public var withHeaders: Bool

    /// A destination of the given parts.
    public init(kafkaTopic: String, key: RecordKey = .entity, withHeaders: Bool = true) {
        self.kafkaTopic = kafkaTopic
        self.key = key
        self.withHeaders = withHeaders
    }
}
