/// What became of one batch: all of its records are reported.
public struct DeliveryReport: Hashable, Sendable {
    /// The outcome of a batch.
    public enum Outcome: Hashable, Sendable {
        /// The broker acknowledged every record.
        case acknowledged
        /// Kafka refuses at least one record for good, and trying again as it is would not help.
        case refused(reason: String)
        /// At least one record may or may not be there: deliver again, never commit past it.
        case unknown(reason: String)
    }

    /// The batch's number in its stream's ledger.
    public var sequence: UInt64
    /// What became of it.
    public var outcome: Outcome
    /// Records that Kafka refuses for good, in order, as far as it said which.
    public var refusals: [RecordRefusal]

    /// A report of `sequence`.
    public init(sequence: UInt64, outcome: Outcome, refusals: [RecordRefusal] = []) {
        self.sequence = sequence
        self.outcome = outcome
        self.refusals = refusals
    }
}
