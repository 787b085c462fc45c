internal import BridgeCore
internal import RDKafka

/// Turns RDKafka's report of one batch into the core's, and passes it on.
final class ReportTranslator: KafkaDeliverySink {
    private let sink: any DeliveryReportSink
    private let work: ProducerGeneration.Work

    init(_ sink: any DeliveryReportSink, _ work: ProducerGeneration.Work) {
        self.sink = sink
        self.work = work
    }

    func batchCompleted(_ report: KafkaBatchReport) {
        if report.persistedCount > 0 { self.work.wrote() }
        self.sink.receive(
            DeliveryReport(sequence: report.tag, outcome: Self.outcome(of: report), refusals: Self.refusals(of: report))
        )
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
