import BridgeCore

/// Prints events instead of sending them to Kafka. Dead letters and gaps are left to the log.
struct PrintingProducer: RecordProducer {
    let printer: TailPrinter
    /// Of dead letters and gap records.
    let otherTopics: Set<String>

    func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        let isOther = batch.routes.routes.map { self.otherTopics.contains($0.kafkaTopic) }
        self.printer.print(batch.records.filter { !isOther[Int($0.route)] }.map(\.value), of: batch.bytes)
        sink.receive(DeliveryReport(sequence: batch.sequence, outcome: .acknowledged))
    }
}
