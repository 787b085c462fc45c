public import BridgeCore
public import Logging

/// What a stream delivers with, whatever its dialect.
public struct DeliveryParts: Sendable {
    /// From batches to records.
    public var mapper: RecordMapper
    /// Into Kafka.
    public var producer: any RecordProducer
    /// Positions, plans and ownership.
    public var store: any CheckpointStore
    /// The clocks.
    public var clock: any BridgeClock
    /// Says what happens.
    public var logger: Logger
    /// Is called at each named point; production passes one that does nothing.
    public var crashPoint: @Sendable (CrashPoint) -> Void

    /// The given parts.
    public init(
        mapper: RecordMapper,
        producer: any RecordProducer,
        store: any CheckpointStore,
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) {
        self.mapper = mapper
        self.producer = producer
        self.store = store
        self.clock = clock
        self.logger = logger
        self.crashPoint = crashPoint
    }
}
