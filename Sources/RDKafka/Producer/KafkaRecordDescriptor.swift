/// One record of a batch: plain numbers, so that describing it allocates nothing.
public struct KafkaRecordDescriptor: Sendable {
    /// Where it goes.
    public var topic: KafkaTopicID
    /// What decides its partition and its order; `nil` is a null key (any partition), an empty range an empty key.
    public var key: KafkaByteRange?
    /// The value; an empty range is an empty value, never a null (which would be a tombstone).
    public var value: KafkaByteRange
    /// Milliseconds since 1970-01-01 UTC; 0: the time at which it is handed over.
    public var timestampMilliseconds: Int64
    /// Its headers.
    public var headers: KafkaHeaderTemplateID
    /// Bytes of the headers with `.slot(0)`; `nil`: those headers are left out.
    public var slot0: KafkaByteRange?
    /// Bytes of the headers with `.slot(1)`; `nil`: those headers are left out.
    public var slot1: KafkaByteRange?
    /// Bytes of the headers with `.slot(2)`; `nil`: those headers are left out.
    public var slot2: KafkaByteRange?
    /// Bytes of the headers with `.slot(3)`; `nil`: those headers are left out.
    public var slot3: KafkaByteRange?

    /// See the properties.
    public init(
        topic: KafkaTopicID,
        key: KafkaByteRange?,
        value: KafkaByteRange,
        timestampMilliseconds: Int64 = 0,
        headers: KafkaHeaderTemplateID = .none,
        slot0: KafkaByteRange? = nil,
        slot1: KafkaByteRange? = nil,
        slot2: KafkaByteRange? = nil,
        slot3: KafkaByteRange? = nil
    ) {
        self.topic = topic
        self.key = key
        self.value = value
        self.timestampMilliseconds = timestampMilliseconds
        self.headers = headers
        self.slot0 = slot0
        self.slot1 = slot1
        self.slot2 = slot2
        self.slot3 = slot3
    }
}
