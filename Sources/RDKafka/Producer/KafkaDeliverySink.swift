/// Who wants to know what became of a batch.
public protocol KafkaDeliverySink: AnyObject, Sendable {
    /// Called exactly once per batch, always on the producer's poll thread, one call at a time.
    ///
    /// Every other report waits for it: do little, never block. Calling the producer from here is allowed.
    func batchCompleted(_ report: KafkaBatchReport)
}
