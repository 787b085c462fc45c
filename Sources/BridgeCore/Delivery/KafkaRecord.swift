/// One record on its way to Kafka: ranges into its batch's bytes, no memory of its own.
public struct KafkaRecord: Hashable, Sendable {
    /// Index into the batch's routes.
    public var route: Int32
    /// The key; nil for a null key.
    public var key: ByteRange?
    /// The value: an event's bytes exactly as received.
    public var value: ByteRange
    /// The id (`ce_id`).
    public var id: ByteRange
    /// The subject (`ce_subject`); of a dead letter, the size that it had before it was cut.
    public var subject: ByteRange?
    /// The event's own time as text (`ce_time`); of an event's dead letter that may be cut, the SHA-256 of the whole value.
    public var time: ByteRange?
    /// Why the record is where it is, for dead letters and gaps.
    public var detail: ByteRange?
    /// The record's time stamp, in milliseconds since 1970-01-01T00:00:00Z.
    public var timestampMilliseconds: Int64

    /// A record of the given parts.
    public init(
        route: Int32,
        key: ByteRange?,
        value: ByteRange,
        id: ByteRange,
        subject: ByteRange?,
        time: ByteRange?,
        detail: ByteRange? = nil,
        timestampMilliseconds: Int64
    ) {
        self.route = route
        self.key = key
        self.value = value
        self.id = id
        self.subject = subject
        self.time = time
        self.detail = detail
        self.timestampMilliseconds = timestampMilliseconds
    }
}
