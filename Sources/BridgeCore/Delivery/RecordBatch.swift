/// A batch's records, in order, with the bytes that they point into.
public struct RecordBatch: Sendable {
    /// The batch's number in its stream's ledger; its report carries it.
    public var sequence: UInt64
    /// The bytes that all ranges of the records point into. They live until the batch is reported.
    public var bytes: MessageBytes
    /// Where the records go.
    public var routes: RecordRoutes
    /// The records, in the order received. Never empty.
    public var records: [KafkaRecord]

    /// A batch of the given parts.
    public init(sequence: UInt64, bytes: MessageBytes, routes: RecordRoutes, records: [KafkaRecord]) {
        self.sequence = sequence
        self.bytes = bytes
        self.routes = routes
        self.records = records
    }
}
