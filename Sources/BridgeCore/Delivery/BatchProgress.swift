/// Where a batch brings its stream: what a transaction commits together with the batch's records.
public struct BatchProgress: Sendable {
    /// The stream.
    public var stream: StreamID
    /// The position behind the batch; nil for a piece that does not end its message, and where the message has none.
    public var checkpoint: Checkpoint?
    /// Whether the batch is the last (or only) piece of its message: a transaction ends there, and nowhere else.
    public var endsMessage: Bool
    /// The bytes that the ids of `events` point into.
    public var bytes: MessageBytes
    /// The events, in the order received.
    public var events: [NotificationEvent]

    /// The progress that `batch` makes in `stream`.
    public init(_ batch: NotificationBatch, of stream: StreamID) {
        self.stream = stream
        self.checkpoint = batch.position.map { Checkpoint(position: $0, batchID: batch.batchID) }
        self.endsMessage = batch.endsMessage
        self.bytes = batch.bytes
        self.events = batch.events
    }
}
