/// How batches become records and positions.
struct DeliveryConfiguration: Hashable, Sendable {
    var guarantee: DeliveryGuarantee
    var inFlight: InFlightConfiguration
    var checkpoints: CheckpointsConfiguration
    /// How long a stop may take to get what is in flight acknowledged and committed.
    var drainTimeout: Duration
    /// What becomes of a record that Kafka refuses for good.
    var onRefused: RefusedRecordPolicy
    /// The pause before a stream resumes after Kafka refused a record for good or its outcome stayed unknown.
    var refusedBackoff: BackoffConfiguration

    /// Batches of one stream between receipt and acknowledgement. A transaction is acknowledged at its end: while it is committed, as many
    /// batches again wait for the next one. So both guarantees hold the same: at most twice `inFlight.batches` that are not committed.
    var windowBatches: Int {
        switch self.guarantee {
        case .atLeastOnce: self.inFlight.batches
        case .exactlyOnce: 2 * self.inFlight.batches
        }
    }
}
