/// When a transaction is due.
public struct TransactionPolicy: Hashable, Sendable {
    /// So long after it began.
    public var interval: Duration
    /// So many batches of one stream end it at once: its window would be full.
    public var batches: Int
    /// So many bytes of one stream end it at once.
    public var bytes: Int
    /// A message whose rest has not come so long after the transaction was due is committed without its rest, so that nothing waits for
    /// ever. The checkpoint names the events of its beginning, by which they are known when the message comes again. A message that does
    /// not fit into its stream's window comes to that.
    public var messageTimeout: Duration

    /// A policy.
    public init(interval: Duration, batches: Int, bytes: Int, messageTimeout: Duration = .seconds(5)) {
        self.interval = interval
        self.batches = batches
        self.bytes = bytes
        self.messageTimeout = messageTimeout
    }
}
