/// What can be set about the sockets of channels and the calls about them.
public struct ChannelSettings: Hashable, Sendable {
    /// Events in one batch, at most: only what has arrived already is put together. 1 … 10,000.
    public var maxEventsPerBatch: Int
    /// Bytes in one batch, at most; a message above it is a batch of its own. 16 KiB … 64 MiB.
    public var maxBatchBytes: Int
    /// Bytes that are kept of a message that cannot be read, at most.
    public var deadLetterBytesMax: Int
    /// The time for one REST call about a channel, what is tried again and the budget's pauses included. 1 s … 10 min.
    public var callTimeout: Duration

    /// The given settings.
    public init(
        maxEventsPerBatch: Int = 100,
        maxBatchBytes: Int = 1024 * 1024,
        deadLetterBytesMax: Int = 512 * 1024,
        callTimeout: Duration = .seconds(60)
    ) {
        self.maxEventsPerBatch = max(maxEventsPerBatch, 1)
        self.maxBatchBytes = max(maxBatchBytes, 1)
        self.deadLetterBytesMax = deadLetterBytesMax
        self.callTimeout = callTimeout
    }
}
