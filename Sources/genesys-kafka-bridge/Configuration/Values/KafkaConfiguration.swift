/// How Kafka is reached.
struct KafkaConfiguration: Hashable, Sendable {
    /// librdkafka's properties in the file's order; none of those that the guarantee rests on.
    var properties: [KafkaProperty]
}
