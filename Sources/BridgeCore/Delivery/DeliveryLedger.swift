internal import DequeModule

/// Knows of every batch on its way to Kafka whether it is acknowledged, and which position may be committed: that of the
/// longest acknowledged **prefix** of batches, never the highest seen (`commit-after-ack`).
///
/// - Receives: batches in the order they were received, and their reports in any order.
/// - Hands to: the checkpoint committer, positions that are safe.
/// - Holds at most: one entry per batch in flight or acknowledged behind one in flight.
public struct DeliveryLedger: Hashable, Sendable {
    /// What a report settled.
    public struct Settlement: Hashable, Sendable {
        /// Bytes that nobody holds any longer.
        public var releasedBytes = 0
        /// Batches whose place in the window is free again.
        public var releasedBatches = 0
        /// The newest position that may now be committed; nil if it did not move.
        public var checkpoint: Checkpoint?
        /// Batches that `checkpoint` covers and no position before it did.
        public var coveredBatches = 0
        /// When the reported batch was received.
        public var receivedAt: Instant
    }

    private struct Entry: Hashable {
        var heldBytes: Int
        var checkpoint: Checkpoint?
        var receivedAt: Instant
        var isReported = false
        var isAcknowledged = false
    }

    private var entries: Deque<Entry> = []
    /// The sequence of `entries.first`.
    private var firstSequence: UInt64 = 0
    /// Batches without a report.
    public private(set) var outstanding = 0
    /// Whether a batch was not acknowledged: the prefix cannot grow any more until the ledger is emptied.
    public private(set) var isBroken = false
    /// Acknowledged batches behind the last position: pieces of a message whose last piece carries theirs.
    private var uncoveredBatches = 0

    /// An empty ledger.
    public init() {}

    /// Enters a batch, before it is handed on. Returns its sequence, which is never used again.
    public mutating func open(heldBytes: Int, checkpoint: Checkpoint?, receivedAt: Instant) -> UInt64 {
        self.entries.append(Entry(heldBytes: heldBytes, checkpoint: checkpoint, receivedAt: receivedAt))
        self.outstanding += 1
        return self.firstSequence + UInt64(self.entries.count - 1)
    }

    /// Takes the report of `sequence`. A report of a batch that is not open is a fault of ours and traps.
    public mutating func report(_ sequence: UInt64, acknowledged: Bool) -> Settlement {
        precondition(sequence >= self.firstSequence, "batch \(sequence) was settled before")
        let index = Int(sequence - self.firstSequence)
        precondition(index < self.entries.count && !self.entries[index].isReported, "batch \(sequence) is not open")
        self.entries[index].isReported = true
        self.entries[index].isAcknowledged = acknowledged
        self.outstanding -= 1
        if !acknowledged { self.isBroken = true }

        let entry = self.entries[index]
        var settlement = Settlement(releasedBytes: entry.heldBytes, receivedAt: entry.receivedAt)
        while let first = self.entries.first, first.isAcknowledged {
            self.uncoveredBatches += 1
            if let checkpoint = first.checkpoint {
                settlement.checkpoint = checkpoint
                settlement.coveredBatches += self.uncoveredBatches
                self.uncoveredBatches = 0
            }
            settlement.releasedBatches += 1
            self.entries.removeFirst()
            self.firstSequence += 1
        }
        return settlement
    }

    /// Forgets every entry, once all are reported. Returns how many places in the window that frees.
    public mutating func empty() -> Int {
        precondition(self.outstanding == 0, "\(self.outstanding) batches are not reported yet")
        let count = self.entries.count
        self.firstSequence += UInt64(count)
        self.entries.removeAll()
        self.isBroken = false
        self.uncoveredBatches = 0
        return count
    }

    /// When the oldest batch that is not settled was received; nil where there is none.
    public var oldestReceivedAt: Instant? {
        self.entries.first?.receivedAt
    }
}
