import BridgeCore
import BridgeRuntime
import GenesysCloud
import KafkaDelivery
import RDKafka
import Synchronization

/// The ceiling: the same records with the same settings, handed to librdkafka by one loop, with nothing before it and nothing after.
///
/// The records come from one message of the simulator's shape, split once and produced again and again, so that sizes, keys, topics and
/// headers are those of the bridge.
final class BareProducer: DeliveryReportSink {
    private let acknowledgedBatches = Atomic<Int>(0)
    private let failedBatches = Atomic<Int>(0)

    var hasFailed: Bool { false }

    /// The ceiling keeps no order.
    func batchIsFailing() {}

    func receive(_ report: DeliveryReport) {
        if report.outcome == .acknowledged {
            self.acknowledgedBatches.add(1, ordering: .relaxed)
        } else {
            self.failedBatches.add(1, ordering: .relaxed)
        }
    }

    /// Produces until enough is acknowledged. `batch` is what every batch looks like.
    func run(_ batch: NotificationBatch, _ options: BenchWorkload.Options) async throws -> BenchResult {
        let configuration = try BenchWorkload.configuration(options)
        let mapper = StreamSettingsMap.mapper(
            configuration.tenants[0],
            configuration.records,
            deadLetterBytesMax: ProducerSettings.valueBytesMax(configuration.kafka)
        )
        let records = mapper.map(batch, receivedAtMilliseconds: 1_795_428_000_000).records
        let clock = SystemClock()
        let producer = try KafkaRecordProducer(
            configuration: ProducerSettings.configuration(configuration),
            clock: clock,
            logger: BenchWorkload.quietLogger
        )
        let inFlightMax = configuration.delivery.inFlight.batches
        let warmUp = options.warmUpEvents / records.count
        let total = warmUp + options.events / records.count
        var begin: (usage: ProcessUsage, at: Instant)?
        for sequence in 0..<total {
            if sequence == warmUp { begin = (ProcessUsage.current, clock.now) }
            while sequence - self.acknowledgedBatches.load(ordering: .relaxed) >= inFlightMax {
                try await Task.sleep(for: .microseconds(200))
            }
            let records = RecordBatch(
                sequence: UInt64(sequence),
                bytes: batch.bytes,
                routes: mapper.routes,
                records: records
            )
            await producer.produce(records, reportTo: self)
        }
        while self.acknowledgedBatches.load(ordering: .relaxed) + self.failedBatches.load(ordering: .relaxed) < total {
            try await Task.sleep(for: .milliseconds(1))
        }
        let (usage, now) = (ProcessUsage.current, clock.now)
        await producer.close(flushTimeout: .zero)
        guard let begin, self.failedBatches.load(ordering: .relaxed) == 0 else {
            throw CommandFailure(.unavailable, "the embedded broker did not take every record")
        }
        return BenchWorkload.result(
            name: "bare librdkafka, \(options.withHeaders ? "7 headers" : "no headers")",
            events: (total - warmUp) * records.count,
            seconds: begin.at.duration(to: now).inSeconds,
            cpuSeconds: usage.cpuSeconds - begin.usage.cpuSeconds
        )
    }
}
