import BridgeCore
import BridgeRuntime
import KafkaDelivery
import Logging
import RDKafka

/// The way into Kafka of a configuration, opened: one producer for all streams, or one for each tenant partition where every event is to be
/// there exactly once.
struct OpenProducers: Sendable {
    private enum Kind {
        case shared(KafkaRecordProducer)
        case transactional([TenantPartition: TransactionalProducer])
    }

    /// How long a start waits for the brokers.
    private static let startTimeout = Duration.seconds(60)

    private let kind: Kind

    /// Makes the producers of an instance with `share`.
    /// - Throws: `CommandFailure` for what librdkafka or the brokers refuse, `CheckpointStoreError` where no broker answers.
    init(_ configuration: BridgeConfiguration, share: Share, clock: any BridgeClock, logger: Logger) async throws {
        switch configuration.delivery.guarantee {
        case .atLeastOnce:
            do throws(KafkaError) {
                self.kind = .shared(
                    try KafkaRecordProducer(
                        configuration: ProducerSettings.configuration(configuration),
                        clock: clock,
                        logger: logger
                    )
                )
            } catch {
                throw CommandFailure(.configuration, "kafka.properties: \(error.reason)")
            }
        case .exactlyOnce:
            var producers: [TenantPartition: TransactionalProducer] = [:]
            let tenants = Dictionary(grouping: configuration.tenants(ownedBy: share), by: configuration.partition)
            for (partition, tenants) in tenants.sorted(by: { $0.key.index < $1.key.index }) {
                do throws(KafkaError) {
                    producers[partition] = try await TransactionalProducer.open(
                        ProducerSettings.transactional(
                            configuration,
                            partition,
                            tenants: Set(tenants.map(\.name)),
                            inFlightBytes: configuration.inFlightBytesPerTenant(share: share)
                        ),
                        timeout: Self.startTimeout,
                        clock: clock,
                        logger: logger
                    )
                } catch {
                    await Self.close(producers)
                    throw Self.failure(
                        error,
                        transactionalID: "\(configuration.delivery.checkpoints.topic)-\(partition)"
                    )
                }
            }
            self.kind = .transactional(producers)
        }
    }

    private static func failure(_ error: KafkaError, transactionalID: String) -> any Error {
        let what = "delivery.guarantee: exactly-once needs transactions"
        guard error.isRetriable || error.action == .retry else {
            return CommandFailure(
                .configuration,
                "\(what), and they cannot be had: \(error.reason). Check kafka.properties, and that this user may write to the "
                    + "transactional id '\(transactionalID)', or write at-least-once"
            )
        }
        return CheckpointStoreError(
            kind: .unavailable,
            description: "\(what), and no broker can be used (\(error)): check kafka.properties and the brokers"
        )
    }

    /// Takes the checkpoints, which were opened after the producers. Transactional ones first fence those before them, who know by now that
    /// the tenants are claimed: what is read of the checkpoints behind that is final.
    /// - Returns: the checkpoints, read again where that is needed.
    /// - Throws: as `init`; the checkpoints are at their end then.
    func start(_ checkpoints: OpenCheckpoints) async throws -> OpenCheckpoints {
        guard case .transactional(let producers) = self.kind else { return checkpoints }
        let failure = await withTaskGroup(of: (any Error)?.self) { group in
            for producer in producers.values {
                group.addTask {
                    do throws(KafkaError) {
                        try await producer.fence(timeout: Self.startTimeout)
                        return nil
                    } catch {
                        return Self.failure(error, transactionalID: producer.transactionalID)
                    }
                }
            }
            return await group.reduce(nil) { $0 ?? $1 }
        }
        if let failure {
            await checkpoints.close()
            throw failure
        }
        let final = try await checkpoints.readAgain()
        guard let store = final.kafkaStore else { return final }
        for producer in producers.values { await producer.start(store) }
        return final
    }

    /// The way into Kafka of a tenant in `partition`.
    func producer(of partition: TenantPartition) -> any RecordProducer {
        switch self.kind {
        case .shared(let producer): return producer
        case .transactional(let producers):
            guard let producer = producers[partition] else { preconditionFailure("partition \(partition) is not ours") }
            return producer
        }
    }

    /// Replaces producers that can do nothing more, and commits transactions, until cancelled.
    func run() async {
        switch self.kind {
        case .shared(let producer): await producer.run()
        case .transactional(let producers):
            await withDiscardingTaskGroup { group in
                for producer in producers.values { group.addTask { await producer.run() } }
            }
        }
    }

    /// Reports what is left as unknown, and ends.
    func close() async {
        switch self.kind {
        case .shared(let producer): await producer.close(flushTimeout: .zero)
        case .transactional(let producers):
            await Self.close(producers)
        }
    }

    /// All at once: each may have a call under way that nobody can end.
    private static func close(_ producers: [TenantPartition: TransactionalProducer]) async {
        await withDiscardingTaskGroup { group in
            for producer in producers.values { group.addTask { await producer.close() } }
        }
    }

    /// What a person has to mend before the records of a tenant in `partition` reach Kafka; nil where nothing of the kind is known.
    func obstacle(of partition: TenantPartition) -> String? {
        switch self.kind {
        case .shared(let producer): producer.obstacle
        case .transactional(let producers): producers[partition]?.obstacle
        }
    }

    /// Producers that could do nothing more and were replaced.
    var replacementCount: Int {
        switch self.kind {
        case .shared(let producer): producer.replacementCount
        case .transactional(let producers): producers.values.reduce(0) { $0 + Int($1.snapshot.recoveries) }
        }
    }

    /// The transactions of a tenant in `partition`; nil where there are none.
    func transactions(of partition: TenantPartition) -> TransactionSnapshot? {
        guard case .transactional(let producers) = self.kind else { return nil }
        return producers[partition]?.snapshot
    }
}
