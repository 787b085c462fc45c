/// Takes the reports of one stream. Called on the producer's own thread: must not block, and must not call back.
public protocol DeliveryReportSink: AnyObject, Sendable {
    /// A batch's every record was reported.
    func receive(_ report: DeliveryReport)

    /// Whether a batch of the stream was not acknowledged, and the stream has not settled since. True from within the `receive` of that
    /// report on: a batch that comes later must not reach Kafka then, for it would overtake the failed one (`order-per-key`).
    var hasFailed: Bool { get }
}
