import BridgeCore
import BridgeRuntime
import GenesysCloud
import KafkaDelivery
import Locking
import RDKafka
import Synchronization

/// The ceiling: the same records with the same settings, handed to librdkafka by one loop, with nothing before it and nothing after. With
/// `exactly-once` in transactions of the variant's interval, without positions.
///
/// The records come from messages of the simulator's shape, split once and produced again and again, so that sizes, keys, topics and headers
/// are those of the bridge.
final class BareProducer: DeliveryReportSink {
    private let acknowledgedBatches = Atomic<Int>(0)
    private let failedBatches = Atomic<Int>(0)
    /// A report has come. Waiting for time instead would lower the ceiling.
    private let reported = Wakeup()

    var hasFailed: Bool { false }

    /// The ceiling keeps no order.
    func batchIsFailing() {}

    func receive(_ report: DeliveryReport) {
        if report.outcome == .acknowledged {
            self.acknowledgedBatches.add(1, ordering: .relaxed)
        } else {
            self.failedBatches.add(1, ordering: .relaxed)
        }
        self.reported.signal()
    }

    /// Produces until enough is acknowledged. `batches`, at least one, are taken in turn.
    func run(_ batches: [NotificationBatch], _ options: BenchOptions) async throws -> BenchResult {
        let configuration = try options.configuration()
        let mapper = StreamSettingsMap.mapper(
            configuration.tenants[0],
            deadLetterBytesMax: ProducerSettings.valueBytesMax(configuration.kafka)
        )
        let records = batches.map { mapper.map($0, receivedAtMilliseconds: 1_795_428_000_000).records }
        let clock = SystemClock()
        var line = try await BareLine(configuration, clock: clock)
        let inFlightMax = configuration.delivery.inFlight.batches
        var sequence = 0
        // Of events, and of those before measuring begins.
        var (produced, warmUp) = (0, 0)
        var begin = (usage: ProcessUsage.current, at: clock.now)
        var isWarm = false
        while true {
            let elapsed = begin.at.duration(to: clock.now)
            if !isWarm, produced >= options.warmUpEvents, elapsed >= options.leastTime / 4 {
                (isWarm, warmUp, begin) = (true, produced, (ProcessUsage.current, clock.now))
            } else if isWarm, produced - warmUp >= options.events, elapsed >= options.leastTime {
                break
            }
            try await self.wait { sequence - self.reportedBatches < inFlightMax }
            let index = sequence % batches.count
            let batch = RecordBatch(
                sequence: UInt64(sequence),
                bytes: batches[index].bytes,
                routes: mapper.routes,
                records: records[index]
            )
            try await line.produce(batch, reportTo: self)
            sequence += 1
            produced += records[index].count
        }
        try await line.finish()
        try await self.wait { self.reportedBatches >= sequence }
        let (usage, now) = (ProcessUsage.current, clock.now)
        await line.close()
        guard self.failedBatches.load(ordering: .relaxed) == 0 else {
            throw CommandFailure(.unavailable, "the broker did not take every record")
        }
        return BenchResult(
            name: "bare librdkafka, \(options.variant.headersName)",
            events: produced - warmUp,
            seconds: begin.at.duration(to: now).inSeconds,
            cpuSeconds: usage.cpuSeconds - begin.usage.cpuSeconds
        )
    }

    /// Waits until reports have made it so.
    private func wait(until isTrue: () -> Bool) async throws {
        while !isTrue() {
            try Task.checkCancellation()
            await self.reported.wait()
        }
    }

    private var reportedBatches: Int {
        self.acknowledgedBatches.load(ordering: .relaxed) + self.failedBatches.load(ordering: .relaxed)
    }
}
