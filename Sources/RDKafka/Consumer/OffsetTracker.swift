/// Watches the offsets of each partition for jumps.
struct OffsetTracker {
    private var expected: [KafkaPartition: Int64] = [:]

    /// A partition is read from `offset` on.
    mutating func start(_ partition: KafkaPartition, at offset: Int64) {
        self.expected[partition] = offset
    }

    /// Whether the partition is being read.
    func isReading(_ partition: KafkaPartition) -> Bool {
        self.expected[partition] != nil
    }

    /// The offset that is due next; nil where the partition is not read.
    func next(_ partition: KafkaPartition) -> Int64? {
        self.expected[partition]
    }

    /// The partitions that are read.
    var partitions: some Sequence<KafkaPartition> { self.expected.keys }

    /// A record came; the jump, if it is not the one that was due.
    mutating func record(_ partition: KafkaPartition, offset: Int64) -> KafkaOffsetGap? {
        guard let due = self.expected.updateValue(offset + 1, forKey: partition), due != offset else { return nil }
        return KafkaOffsetGap(partition: partition, expectedOffset: due, foundOffset: offset)
    }

    /// The partition's end was reached; the jump, if records before it are missing.
    mutating func end(_ partition: KafkaPartition, nextOffset: Int64) -> KafkaOffsetGap? {
        guard let due = self.expected[partition], due < nextOffset else { return nil }
        self.expected[partition] = nextOffset
        return KafkaOffsetGap(partition: partition, expectedOffset: due, foundOffset: nextOffset)
    }
}
