public import BridgeCore
public import RDKafka

/// librdkafka's transactions with nothing around them: no positions, no recovery, nobody fenced. What `TransactionalProducer` is measured
/// against, and of no other use.
public final class BareTransactions: RecordProducer {
    private let generation: ProducerGeneration

    private init(_ generation: ProducerGeneration) {
        self.generation = generation
    }

    /// Makes a producer. `properties` have its `transactional.id`.
    /// - Throws: what librdkafka refuses, or no answer of the brokers within `timeout`.
    public static func open(
        _ properties: KafkaConfiguration,
        timeout: Duration
    ) async throws(KafkaError) -> BareTransactions {
        let producer = try KafkaProducer(configuration: properties, onFatal: { _ in })
        try await producer.initTransactions(timeout: timeout)
        return BareTransactions(ProducerGeneration(producer))
    }

    /// What is produced from now on belongs to a transaction.
    public func begin() throws(KafkaError) {
        try self.generation.producer.beginTransaction()
    }

    /// Waits for the records and commits.
    public func commit(timeout: Duration) async throws(KafkaError) {
        try await self.generation.producer.commitTransaction(timeout: timeout)
    }

    /// See `RecordProducer`. Reports what the brokers say of the records, not of the transaction.
    public func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        let producer = self.generation.producer
        do {
            let routes = try self.generation.prepare(batch.routes)
            let inFlight = try producer.beginBatch(
                tag: batch.sequence,
                recordCount: batch.records.count,
                bytes: batch.bytes,
                sink: ReportTranslator(batch, sink)
            )
            while producer.produce(inFlight, describe: { batch.descriptor(at: $0, routes) }) == .queueFull {
                await producer.waitForRoom()
            }
        } catch {
            sink.receive(DeliveryReport(sequence: batch.sequence, outcome: .unknown(reason: "\(error)")))
        }
    }

    /// Ends, without waiting for anything.
    public func close() async {
        await self.generation.producer.close(flushTimeout: .zero)
    }
}
