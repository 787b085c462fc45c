/// Events as their records see them, in either dialect: what they are called, what they are about, and where they go.
struct RoutedEvents: Hashable, Sendable {
    /// The name of the events of a stream, such as `routing.queueEvents`; of a channel's topic what is left without `v2` and ids, such as
    /// `routing.queues.conversations`.
    var family: String
    /// The resource; nil for all that nothing else names.
    var resourceID: String?
    var records: RecordStyle

    /// Their Kafka topic.
    func kafkaTopic(tenant: String) -> String {
        self.records.topic.kafkaTopic(tenant: tenant, family: self.family)
    }
}
