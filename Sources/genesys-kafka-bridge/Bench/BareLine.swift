import BridgeCore
import BridgeRuntime
import KafkaDelivery

/// librdkafka as `BareProducer` uses it: a producer, or one that commits a transaction whenever its interval is over.
struct BareLine {
    private enum Producer {
        case plain(KafkaRecordProducer)
        case transactions(BareTransactions, interval: Duration)
    }

    private static let timeout = Duration.seconds(30)

    private let producer: Producer
    private let clock: SystemClock
    /// When the present transaction began; nil while there is none.
    private var beganAt: Instant?

    /// A producer with the bridge's settings; with exactly-once, transactions of its commit interval.
    init(_ configuration: BridgeConfiguration, clock: SystemClock) async throws {
        self.clock = clock
        switch configuration.delivery.guarantee {
        case .atLeastOnce:
            self.producer = .plain(
                try KafkaRecordProducer(
                    configuration: ProducerSettings.configuration(configuration),
                    clock: clock,
                    logger: BenchOptions.quietLogger
                )
            )
        case .exactlyOnce:
            let settings = ProducerSettings.transactional(
                configuration,
                configuration.partition(of: configuration.tenants[0]),
                tenants: [],
                inFlightBytes: configuration.delivery.inFlight.bytes
            )
            self.producer = .transactions(
                try await BareTransactions.open(settings.properties, timeout: Self.timeout),
                interval: settings.policy.interval
            )
        }
    }

    /// Hands a batch over, behind a commit where one is due.
    mutating func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async throws {
        switch self.producer {
        case .plain(let producer): await producer.produce(batch, reportTo: sink)
        case .transactions(let producer, let interval):
            let now = self.clock.now
            if let beganAt = self.beganAt, beganAt.duration(to: now) >= interval { try await self.finish() }
            if self.beganAt == nil {
                try producer.begin()
                self.beganAt = self.clock.now
            }
            await producer.produce(batch, reportTo: sink)
        }
    }

    /// Commits what is open.
    mutating func finish() async throws {
        guard case .transactions(let producer, _) = self.producer, self.beganAt != nil else { return }
        try await producer.commit(timeout: Self.timeout)
        self.beganAt = nil
    }

    /// Ends, without waiting for anything.
    func close() async {
        switch self.producer {
        case .plain(let producer): await producer.close(flushTimeout: .zero)
        case .transactions(let producer, _): await producer.close()
        }
    }
}
