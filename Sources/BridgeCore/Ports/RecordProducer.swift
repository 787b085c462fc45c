/// Puts batches of records on their way to Kafka.
public protocol RecordProducer: Sendable {
    /// Enqueues every record of `batch`, waiting while the producer has no room.
    ///
    /// Exactly one report for the batch comes to `sink` after this call began, whatever happens: also when the task is
    /// cancelled, the producer is replaced, or the process shuts it down. Batches of one caller reach their partitions in the order of
    /// the calls.
    func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async
}
