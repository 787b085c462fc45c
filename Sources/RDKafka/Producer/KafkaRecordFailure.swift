/// A record that was not confirmed.
public struct KafkaRecordFailure: Hashable, Sendable {
    /// The record's index in its batch.
    public let index: Int
    /// Whether a broker may have it all the same; never `.persisted`.
    public let status: KafkaDeliveryStatus
    /// Why.
    public let error: KafkaError

    /// See the properties.
    public init(index: Int, status: KafkaDeliveryStatus, error: KafkaError) {
        self.index = index
        self.status = status
        self.error = error
    }
}
