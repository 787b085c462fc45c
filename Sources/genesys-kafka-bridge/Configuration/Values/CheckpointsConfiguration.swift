/// Where and how often positions are committed.
struct CheckpointsConfiguration: Hashable, Sendable {
    /// The folder of the checkpoint files.
    var directory: String
    /// The longest time from an acknowledgement to its commit.
    var commitInterval: Duration
    /// Acknowledged batches after which a commit does not wait for the interval.
    var commitBatches: Int
}
