public import BridgeCore

/// What one stream has done and is doing, at one moment.
public struct StreamSnapshot: Sendable {
    /// The stream.
    public var stream: StreamID
    /// What its session is doing.
    public var status: SessionStatus = .idle
    /// Messages handed on whole.
    public var messagesReceived: UInt64 = 0
    /// Events received and taken into the queue.
    public var eventsReceived: UInt64 = 0
    /// Bytes of them.
    public var bytesReceived: UInt64 = 0
    /// Events whose batch Kafka acknowledged, dead letters included.
    public var eventsAcknowledged: UInt64 = 0
    /// Batches that Kafka acknowledged together with all before them: gaps, dead letters and empty ones included.
    public var batchesAcknowledged: UInt64 = 0
    /// Events that went to the dead letters.
    public var eventsDeadLettered: UInt64 = 0
    /// Messages that could not be read, came twice and went to the dead letters (S2.7).
    public var messagesDeadLettered: UInt64 = 0
    /// Gaps recorded, by cause.
    public var gaps: [String: UInt64] = [:]
    /// Seconds of the gaps recorded, by cause, as far as both their ends are known. Gaps of other topics at the same time count again.
    public var gapSeconds: [String: Double] = [:]
    /// Whether nothing is subscribed: all that it brought is gone.
    public var isWithoutSubscriptions = false
    /// Events delivered with a null key.
    public var eventsWithoutKey: UInt64 = 0
    /// Events that had nothing where their key should be, and were keyed by their entity.
    public var eventsWithFallbackKey: UInt64 = 0
    /// Messages that had events and no position: delivered, but the committed position stays where it was.
    public var messagesWithoutPosition: UInt64 = 0
    /// Batches dropped after a failed delivery; the source sends them again.
    public var batchesDiscarded: UInt64 = 0
    /// Deliveries that failed.
    public var deliveryFailures: UInt64 = 0
    /// Whether a delivery failed, and nothing of what the source sends again was acknowledged since.
    public var isLeftToSource = false
    /// Whether it has stopped without Kafka, which did not answer: what is not acknowledged is in the spool.
    public var isLeftInSpool = false
    /// Events that the server sent again, recognised by their ids and dropped.
    public var eventsRepeated: UInt64 = 0
    /// Sockets that took over from one that was still open.
    public var rollovers: UInt64 = 0
    /// What the server does not take of the subscriptions, each with the reason.
    public var prunedSubscriptions: [String] = []
    /// Sockets opened.
    public var connections: UInt64 = 0
    /// How sockets and attempts ended, by cause.
    public var endings: [String: UInt64] = [:]
    /// The last ending, in words.
    public var lastEnding: String?
    /// The committed position.
    public var committed: Checkpoint?
    /// When it was committed, in milliseconds since 1970-01-01T00:00:00Z; nil before the first commit of this process.
    public var committedAtMilliseconds: Int64?
    /// Positions written.
    public var commits: UInt64 = 0
    /// The last write of a position failed: why.
    public var commitFailure: String?
    /// When the oldest batch that is not acknowledged was received.
    public var oldestReceivedAt: Instant?
    /// Since when Kafka has answered nothing of what is under way, where that is longer than may be.
    public var silentSince: Instant?
    /// Bytes between receipt and acknowledgement.
    public var heldBytes = 0
    /// Batches between receipt and acknowledgement.
    public var heldBatches = 0
    /// The bound on `heldBytes`.
    public var heldBytesMax = 0
    /// How its spool is; nil where it has none.
    public var spool: SpoolSnapshot?
    /// Why the spool cannot be opened or read; nil: it can.
    public var spoolFailure: String?
    /// From receipt to acknowledgement, per batch.
    public var acknowledgementLatency = LatencyHistogram()

    /// A stream that has not begun.
    public init(stream: StreamID) {
        self.stream = stream
    }
}
