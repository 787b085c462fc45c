/// Who wants to know what became of a batch.
public protocol KafkaDeliverySink: AnyObject, Sendable {
    /// Called exactly once per batch, always on the producer's poll thread, one call at a time.
    ///
    /// Every other report waits for it: do little, never block. Calling the producer from here is allowed.
    func batchCompleted(_ report: KafkaBatchReport)

    /// Called once per batch that fails, at its first record that does: other records of it may still be under way, on other partitions.
    /// Comes before `batchCompleted`, on the poll thread or within the caller's own `produce`. Whoever keeps an order hands over nothing
    /// more from here on. Do little, never block, do not call the producer.
    func batchIsFailing()
}

extension KafkaDeliverySink {
    /// Nothing: for whoever keeps no order.
    public func batchIsFailing() {}
}
