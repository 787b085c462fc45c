/// Where and how often positions are committed.
struct CheckpointsConfiguration: Hashable, Sendable {
    /// Where checkpoints are kept.
    var store = CheckpointStoreKind.directory
    /// The folder of the checkpoint files.
    var directory: String
    /// The Kafka topic of the checkpoints.
    var topic = "genesys-bridge.checkpoints"
    /// The longest time from an acknowledgement to its commit.
    var commitInterval: Duration
    /// Acknowledged batches after which a commit does not wait for the interval.
    var commitBatches: Int
}
