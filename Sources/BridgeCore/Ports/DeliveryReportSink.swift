/// Takes the reports of one stream. Must not block, and must not call back.
public protocol DeliveryReportSink: AnyObject, Sendable {
    /// A batch's every record was reported. Called on the producer's own thread.
    func receive(_ report: DeliveryReport)

    /// A record of a batch was not acknowledged, and others of it may still be under way: its report follows. May be called from any thread.
    func batchIsFailing()

    /// Whether a batch of the stream was not acknowledged, and the stream has not settled since. True from within `batchIsFailing` of that
    /// batch on: a batch that comes later must not reach Kafka then, for it would overtake the failed one (`order-per-key`).
    var hasFailed: Bool { get }
}
