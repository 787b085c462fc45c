internal import BridgeCore
internal import RDKafka

/// One batch of the present transaction.
struct TransactionEntry {
    let sequence: UInt64
    let part: RecordBatch.Part
    let progress: BatchProgress
    let sink: any DeliveryReportSink
    /// What the producer says of its records; nil until then.
    var report: KafkaBatchReport?
    /// Whether the sink has its report.
    var isTold = false

    init(_ batch: RecordBatch, _ progress: BatchProgress, _ sink: any DeliveryReportSink) {
        self.sequence = batch.sequence
        self.part = batch.part
        self.progress = progress
        self.sink = sink
    }

    /// Tells the sink, once.
    mutating func tell(_ outcome: DeliveryReport.Outcome, refusals: [RecordRefusal] = []) {
        guard !self.isTold else { return }
        self.isTold = true
        self.sink.receive(DeliveryReport(sequence: self.sequence, outcome: outcome, refusals: refusals))
    }

    /// What Kafka refuses of the batch for good; nil where it refuses nothing.
    var refusal: String? {
        guard let report = self.report, report.status != .persisted else { return nil }
        return ReportTranslator.refusals(of: report).first?.reason
    }

    /// Tells the sink that the transaction is committed, as its producer says.
    mutating func tellCommitted() {
        guard let report = self.report, report.status == .persisted else {
            return self.tellAborted(reason: "its transaction is committed without it")
        }
        self.tell(.acknowledged)
    }

    /// Tells the sink that the transaction was not committed: what Kafka refused of the batch, or why.
    mutating func tellAborted(reason: String) {
        guard let report = self.report, report.status != .persisted else { return self.tell(.unknown(reason: reason)) }
        let refusals = ReportTranslator.refusals(of: report)
        let outcome = refusals.isEmpty ? .unknown(reason: reason) : ReportTranslator.outcome(of: report)
        self.tell(outcome, refusals: refusals)
    }
}
