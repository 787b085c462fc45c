/// What can be set about a stream.
public struct StreamSettings: Hashable, Sendable {
    /// Events in one message, at most (S2.5); the server keeps to it.
    public var maxBatchSize: Int
    /// How long the server collects events for a message, in milliseconds, and how often it sends one without events
    /// (S2.3).
    public var maxLatencyMilliseconds: Int
    /// Events in one batch, at most: a message with more goes on in pieces (S2.5).
    public var maxEventsPerBatch: Int
    /// Bytes in one batch, at most; an event above it is a batch of its own (S2.5).
    public var maxBatchBytes: Int
    /// Bytes that are kept of a message that cannot be read, at most (S2.7).
    public var deadLetterBytesMax: Int
    /// Bytes in the URL of an upgrade, at most, as it is planned (S3.5): a token or position longer than what is allowed for it may exceed
    /// it.
    public var maxURLBytes: Int

    /// The given settings.
    public init(
        maxBatchSize: Int = 100,
        maxLatencyMilliseconds: Int = 5000,
        maxEventsPerBatch: Int = 1000,
        maxBatchBytes: Int = 1024 * 1024,
        deadLetterBytesMax: Int = 512 * 1024,
        maxURLBytes: Int = 8000
    ) {
        self.maxBatchSize = maxBatchSize
        self.maxLatencyMilliseconds = maxLatencyMilliseconds
        self.maxEventsPerBatch = maxEventsPerBatch
        self.maxBatchBytes = maxBatchBytes
        self.deadLetterBytesMax = deadLetterBytesMax
        self.maxURLBytes = maxURLBytes
    }
}
