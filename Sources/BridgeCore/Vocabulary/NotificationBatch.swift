/// A message's events, or a bounded piece of them (S2.5): one owned buffer and ranges into it. The unit of everything
/// between the socket and Kafka.
public struct NotificationBatch: Sendable {
    /// The bytes that all ranges of the events point into.
    public var bytes: MessageBytes
    /// The events, in the order received. May be empty: a heartbeat (S2.3).
    public var events: [NotificationEvent]
    /// The resume point behind the last event. Only the last piece of a message carries it, and a message may have none.
    public var position: Position?
    /// The message's `batchId`, for people.
    public var batchID: String?
    /// Whether this is the last (or only) piece of its message.
    public var endsMessage: Bool
    /// What the batch carries instead of events, where it carries something else.
    public var notice: StreamNotice?
    /// When its message was received whole; the ingestion sets it.
    public var receivedAt = Instant()
    /// When that was by the wall clock, in milliseconds since 1970-01-01T00:00:00Z, where it is kept: a source that cannot replay assigns it
    /// once, and it stays the same through the spool.
    public var receivedAtMilliseconds: Int64?

    /// A batch of the given parts.
    public init(
        bytes: MessageBytes,
        events: [NotificationEvent],
        position: Position?,
        batchID: String?,
        endsMessage: Bool
    ) {
        self.bytes = bytes
        self.events = events
        self.position = position
        self.batchID = batchID
        self.endsMessage = endsMessage
    }

    /// What holding the batch costs, in bytes: its buffer and, for each event, its place in this process's and in
    /// librdkafka's structures. 232 bytes is `rd_kafka_msg_t` with seven headers as measured with librdkafka 2.0.2, rounded
    /// up to what the allocator takes.
    public var heldBytes: Int {
        self.bytes.count + self.events.count * Self.heldBytesPerEvent + Self.heldBytesPerBatch
    }

    /// Bytes counted for each event on top of its payload. See `heldBytes`.
    public static let heldBytesPerEvent = 768
    /// Bytes counted for each batch on top of its payload and events.
    public static let heldBytesPerBatch = 512
}
