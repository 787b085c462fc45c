/// A batch's records, in order, with the bytes that they point into.
public struct RecordBatch: Sendable {
    /// Which part of its batch it is: a batch with records that Kafka may refuse is sent part by part, each when the one before it is
    /// written.
    public enum Part: Hashable, Sendable {
        /// All of it.
        case whole
        /// A part with others behind it. Its report says that the brokers have it; a transaction that it belongs to may still be open.
        case leading(isFirst: Bool)
        /// The last part: its report is that of the batch.
        case last

        /// Whether others follow.
        public var isLeading: Bool {
            if case .leading = self { return true }
            return false
        }
    }

    /// The batch's number in its stream's ledger; its report carries it.
    public var sequence: UInt64
    /// The bytes that all ranges of the records point into. They live until the batch is reported.
    public var bytes: MessageBytes
    /// Where the records go.
    public var routes: RecordRoutes
    /// The records, in the order received. Empty only for a producer that commits positions.
    public var records: [KafkaRecord]
    /// Where the batch brings its stream; nil where no stream stands behind it.
    public var progress: BatchProgress?
    /// Which part of its batch it is.
    public var part = Part.whole

    /// A batch of the given parts.
    public init(
        sequence: UInt64,
        bytes: MessageBytes,
        routes: RecordRoutes,
        records: [KafkaRecord],
        progress: BatchProgress? = nil
    ) {
        self.sequence = sequence
        self.bytes = bytes
        self.routes = routes
        self.records = records
        self.progress = progress
    }
}
