/// Offsets of a partition that were not given.
public struct KafkaOffsetGap: Hashable, Sendable {
    /// The partition.
    public let partition: KafkaPartition
    /// The offset that should have come.
    public let expectedOffset: Int64
    /// The offset that came. Smaller than the expected one: the partition was read again from there.
    public let foundOffset: Int64

    /// See the properties.
    public init(partition: KafkaPartition, expectedOffset: Int64, foundOffset: Int64) {
        self.partition = partition
        self.expectedOffset = expectedOffset
        self.foundOffset = foundOffset
    }

    /// Offsets that are missing; 0 after a step back.
    public var missingCount: Int64 { max(self.foundOffset - self.expectedOffset, 0) }
}
