/// What one `next` gives.
public struct KafkaConsumedBatch: Hashable, Sendable {
    /// Records in the order of each partition.
    public var records: [KafkaConsumedRecord]
    /// What happened meanwhile.
    public var events: [KafkaConsumerEvent]

    /// See the properties.
    public init(records: [KafkaConsumedRecord] = [], events: [KafkaConsumerEvent] = []) {
        self.records = records
        self.events = events
    }

    /// Neither records nor events: the time was over.
    public var isEmpty: Bool { self.records.isEmpty && self.events.isEmpty }
}
