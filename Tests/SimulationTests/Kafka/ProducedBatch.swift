import BridgeCore

/// A batch, or a piece of one, for a producer.
struct ProducedBatch {
    var batch: RecordBatch
    /// What each of its records is to the world.
    var contents: [RecordInFlight.Content]
    var tenant: Int

    /// The records in `range` as a batch of their own.
    func piece(_ range: Range<Int>) -> ProducedBatch {
        var piece = self
        piece.batch.records = Array(self.batch.records[range])
        piece.contents = Array(self.contents[range])
        let (isFirst, isLast) = (range.lowerBound == 0, range.upperBound == self.contents.count)
        piece.batch.part = !isLast ? .leading(isFirst: isFirst) : isFirst ? .whole : .last
        return piece
    }
}

/// What a delivery hands its batches to (`RecordProducer`).
protocol ProducerModel: AnyObject {
    var commitsPositions: Bool { get }
    /// Enqueues the records, waiting for room; `done` when the call returns.
    func produce(_ batch: ProducedBatch, to inbox: ReportInbox, done: @escaping () -> Void)
    func settle(tenant: Int)
}
