internal import BridgeCore
internal import RDKafka

/// Turns RDKafka's report of one batch into the core's, and passes it on.
final class ReportTranslator: KafkaDeliverySink {
    private let batch: RecordBatch
    private let sink: any DeliveryReportSink

    init(_ batch: RecordBatch, _ sink: any DeliveryReportSink) {
        self.batch = batch
        self.sink = sink
    }

    func batchCompleted(_ report: KafkaBatchReport) {
        var outcome = Self.outcome(of: report)
        if case .refused(let reason) = outcome, let topic = self.refusedTopic(report) {
            outcome = .refused(reason: "\(reason) (topic '\(topic)')")
        }
        self.sink.receive(
            DeliveryReport(sequence: report.tag, outcome: outcome, refusals: Self.refusals(of: report))
        )
    }

    /// Where the first refused record was to go.
    private func refusedTopic(_ report: KafkaBatchReport) -> String? {
        let refused = report.failures.first { $0.error.action == .permanentForRecord }
        return refused.map { self.batch.routes.routes[Int(self.batch.records[$0.index].route)].kafkaTopic }
    }

    func batchIsFailing() {
        self.sink.batchIsFailing()
    }

    /// Who may not write to a topic, or whose topic cannot be, is refused every record of it.
    private static let topicCodes: Set<KafkaErrorCode> = [
        .topicAuthorizationFailed, .invalidTopic,
    ]

    /// A refused request says of all of its records the same, whichever of them is the reason.
    static func refusals(of report: KafkaBatchReport) -> [RecordRefusal] {
        report.failures.filter { $0.error.action == .permanentForRecord }.map { failure in
            RecordRefusal(
                index: failure.index,
                extent: self.topicCodes.contains(failure.error.code) ? .topic : .request,
                reason: "\(failure.error)",
                isTooLarge: failure.error.code == .messageTooLarge
            )
        }
    }

    /// Only `persisted` is an acknowledgement. What Kafka refuses for good is told apart from what may be tried again.
    static func outcome(of report: KafkaBatchReport) -> DeliveryReport.Outcome {
        if report.status == .persisted { return .acknowledged }
        let failures = report.failures
        if let refused = failures.first(where: { $0.error.action == .permanentForRecord }) {
            return .refused(reason: "record \(refused.index) of its batch, \(refused.error)")
        }
        return .unknown(reason: failures.first?.error.description ?? "no report came")
    }
}
