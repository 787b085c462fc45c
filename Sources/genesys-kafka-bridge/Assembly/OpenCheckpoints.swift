import BridgeCore
import BridgeRuntime
import KafkaDelivery
import Logging

/// The checkpoint store of a configuration, opened, with what its kind needs beside the port.
struct OpenCheckpoints: Sendable {
    private enum Kind {
        case directory(FileCheckpointStore)
        case kafkaTopic(KafkaCheckpointStore)
        /// The producers write the positions.
        case transactional(KafkaCheckpointStore)
    }

    private let kind: Kind

    /// Opens the store for `tenants`. `forced`: a person takes them, whatever their owner records say.
    /// - Throws: `CheckpointStoreError`.
    init(
        _ configuration: BridgeConfiguration,
        tenants: Set<String>,
        forced: Bool = false,
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) async throws(CheckpointStoreError) {
        switch configuration.delivery.checkpoints.store {
        case .directory:
            self.kind = .directory(
                try FileCheckpointStore(
                    directory: configuration.delivery.checkpoints.directory,
                    instance: InstanceName.current,
                    wallMilliseconds: { clock.wallMilliseconds },
                    crashPoint: crashPoint
                )
            )
        case .kafkaTopic:
            var settings = Self.kafkaSettings(configuration, tenants: tenants)
            settings.takesUnreadableOwners = forced
            let store = try await KafkaCheckpointStore.open(settings, clock: clock, logger: logger)
            self.kind = configuration.delivery.guarantee == .exactlyOnce ? .transactional(store) : .kafkaTopic(store)
        }
    }

    private init(_ kind: Kind) {
        self.kind = kind
    }

    /// The same checkpoints, read again where the producers write them: call it when those before this instance are fenced. This value is
    /// not used any more.
    /// - Throws: `CheckpointStoreError`.
    func readAgain() async throws(CheckpointStoreError) -> OpenCheckpoints {
        switch self.kind {
        case .directory, .kafkaTopic: self
        case .transactional(let store): OpenCheckpoints(.transactional(try await store.readAgain()))
        }
    }

    /// What a Kafka store of `configuration` needs to know.
    static func kafkaSettings(_ configuration: BridgeConfiguration, tenants: Set<String>)
        -> KafkaCheckpointSettings
    {
        KafkaCheckpointSettings(
            properties: ProducerSettings.configuration(configuration),
            topic: configuration.delivery.checkpoints.topic,
            tenants: tenants,
            instance: InstanceName.unique
        )
    }

    var store: any CheckpointStore {
        switch self.kind {
        case .directory(let store): store
        case .kafkaTopic(let store): store
        case .transactional(let store): TransactionalCheckpoints(store)
        }
    }

    /// The store in a Kafka topic; nil where it is a folder.
    var kafkaStore: KafkaCheckpointStore? {
        switch self.kind {
        case .directory: nil
        case .kafkaTopic(let store), .transactional(let store): store
        }
    }

    /// Takes a stream's position away.
    func reset(_ stream: StreamID) async throws(CheckpointStoreError) {
        switch self.kind {
        case .directory(let store): try await store.reset(stream)
        case .kafkaTopic(let store), .transactional(let store): try await store.reset(stream)
        }
    }

    /// What the store does beside reading and writing, until cancelled.
    func run() async {
        switch self.kind {
        case .directory: break
        case .kafkaTopic(let store), .transactional(let store): await store.run()
        }
    }

    /// Gives the tenants up.
    func close() async {
        switch self.kind {
        case .directory(let store): store.close()
        case .kafkaTopic(let store), .transactional(let store): await store.close()
        }
    }
}
