/// A record as the brokers have it.
public struct KafkaConsumedRecord: Hashable, Sendable {
    /// The topic's name.
    public let topic: String
    /// Counted from 0.
    public let partition: Int32
    /// The record's place in its partition.
    public let offset: Int64
    /// Milliseconds since 1970-01-01 UTC, or `nil` where the broker has none.
    public let timestampMilliseconds: Int64?
    /// The key; `nil` is a null.
    public let key: [UInt8]?
    /// The value; `nil` is a null (a tombstone).
    public let value: [UInt8]?
    /// The headers in their order.
    public let headers: [KafkaConsumedHeader]

    /// See the properties.
    public init(
        topic: String,
        partition: Int32,
        offset: Int64,
        timestampMilliseconds: Int64?,
        key: [UInt8]?,
        value: [UInt8]?,
        headers: [KafkaConsumedHeader]
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestampMilliseconds = timestampMilliseconds
        self.key = key
        self.value = value
        self.headers = headers
    }
}
