/// Where checkpoints are kept.
enum CheckpointStoreKind: String, CaseIterable, Hashable, Sendable {
    /// Files in a folder of this instance's own.
    case directory
    /// A compacted Kafka topic that all instances share.
    case kafkaTopic
}
