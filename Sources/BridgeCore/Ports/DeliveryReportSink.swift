/// Takes the reports of one stream. Called on the producer's own thread: must not block, and must not call back.
public protocol DeliveryReportSink: AnyObject, Sendable {
    /// A batch's every record was reported.
    func receive(_ report: DeliveryReport)
}
