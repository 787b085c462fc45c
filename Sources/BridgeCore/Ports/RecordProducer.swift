/// Puts batches of records on their way to Kafka.
public protocol RecordProducer: Sendable {
    /// Whether it commits a batch's position together with the batch's records: then its acknowledgement means that the position is
    /// durable, and batches that have a position and no records are handed to it, too.
    var commitsPositions: Bool { get }

    /// Enqueues every record of `batch`, waiting while the producer has no room.
    ///
    /// Exactly one report for the batch comes to `sink` after this call began, whatever happens: also when the task is
    /// cancelled, the producer is replaced, or the process shuts it down. Batches of one caller reach their partitions in the order of
    /// the calls.
    func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async

    /// `stream` produces nothing more until something of what it produced is reported: a report that is kept back for company need not wait.
    func settle(_ stream: StreamID) async
}

extension RecordProducer {
    /// Positions are somebody else's.
    public var commitsPositions: Bool { false }

    /// Nothing is kept back.
    public func settle(_ stream: StreamID) async {}
}
