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
}
