import BridgeCore
import BridgeRuntime
import GenesysCloud
import KafkaDelivery
import Logging
import WebSocketClient

/// Puts one tenant's parts together over what all tenants share.
struct TenantAssembly {
    let configuration: BridgeConfiguration
    let inFlightBytes: Int
    let deadLetterBytesMax: Int
    let connector: WebSocketConnector
    let gates: HostGates
    /// The way into Kafka of a tenant in a partition.
    let producer: @Sendable (TenantPartition) -> any RecordProducer
    let store: any CheckpointStore
    let clock: any BridgeClock
    let logger: Logger
    let crashPoint: @Sendable (CrashPoint) -> Void
    let spoolCrashPoint: @Sendable (SpoolCrashPoint) -> Void

    func parts(_ tenant: TenantConfiguration) -> Bridge.TenantParts {
        var logger = self.logger
        logger[metadataKey: "tenant"] = "\(tenant.name)"
        let connection = self.configuration.connection
        let clock = self.clock
        let tokenClock = TokenClock(
            now: { clock.now },
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            random: { Double.random(in: 0..<1) }
        )
        let tokens = TokenService(
            settings: SourceSettings.tokens(tenant, connection: connection),
            clock: tokenClock,
            logger: logger
        )
        let rest = RESTClient(
            settings: SourceSettings.rest(tenant, connection: connection),
            clock: tokenClock,
            logger: logger
        )
        let counters = StreamCounters()
        let (configuration, makeStream) = self.dialect(
            of: tenant,
            tokens: tokens,
            rest: rest,
            counters: counters,
            logger: logger
        )
        let pipeline = TenantPipeline(
            configuration: configuration,
            directory: PlatformDirectory(client: rest, logger: logger),
            tokens: tokens,
            store: self.store,
            clock: clock,
            logger: logger,
            makeStream: makeStream
        )
        return Bridge.TenantParts(
            name: tenant.name,
            partition: self.configuration.partition(of: tenant),
            tokens: tokens,
            rest: rest,
            counters: counters,
            pipeline: pipeline
        )
    }

    /// What a tenant is, and what its streams are, in its dialect.
    private func dialect(
        of tenant: TenantConfiguration,
        tokens: TokenService,
        rest: RESTClient,
        counters: StreamCounters,
        logger: Logger
    ) -> (TenantPipeline.Configuration, @Sendable (StreamID, [SubscriptionTopic]) -> (any TenantStream)?) {
        switch tenant.streamProtocol {
        case .stream:
            let redaction = PrivacyMap.redaction(tenant.privacy, dialect: .stream)
            let configuration = StreamSettingsMap.tenant(
                tenant,
                self.configuration,
                inFlightBytes: self.inFlightBytes,
                redaction: redaction
            )
            let streams = self.streams(
                tenant,
                redaction: redaction,
                tokens: tokens,
                rest: rest,
                counters: counters,
                logger: logger
            )
            return (configuration, streams)
        case .channels:
            let redaction = PrivacyMap.redaction(tenant.privacy, dialect: .channels)
            let configuration = ChannelSettingsMap.tenant(
                tenant,
                self.configuration,
                inFlightBytes: self.inFlightBytes,
                redaction: redaction
            )
            let streams = self.channels(
                tenant,
                redaction: redaction,
                tokens: tokens,
                rest: rest,
                counters: counters,
                logger: logger
            )
            return (configuration, streams)
        }
    }

    /// What the tenant's streams deliver with.
    func delivery(_ tenant: TenantConfiguration, redaction: Redaction?, logger: Logger) -> DeliveryParts {
        DeliveryParts(
            mapper: StreamSettingsMap.mapper(
                tenant,
                deadLetterBytesMax: self.deadLetterBytesMax,
                redaction: redaction
            ),
            producer: self.producer(self.configuration.partition(of: tenant)),
            store: self.store,
            clock: self.clock,
            logger: logger,
            crashPoint: self.crashPoint
        )
    }

    private func streams(
        _ tenant: TenantConfiguration,
        redaction: Redaction?,
        tokens: TokenService,
        rest: RESTClient,
        counters: StreamCounters,
        logger: Logger
    ) -> @Sendable (StreamID, [SubscriptionTopic]) -> (any TenantStream)? {
        let configuration = self.configuration
        let source = SourceSettings.stream(
            tenant,
            configuration.connection,
            deadLetterBytesMax: self.deadLetterBytesMax,
            redaction: redaction,
            connector: self.connector,
            counters: counters,
            clock: self.clock,
            logger: logger
        )
        let validator = StreamPreflight(
            client: rest,
            maxURLBytes: configuration.connection.maxURLBytes,
            timeout: configuration.connection.connectTimeout,
            redaction: redaction,
            logger: logger
        )
        let gate = self.gates.gate(for: tenant.endpoints.streaming)
        let delivery = self.delivery(tenant, redaction: redaction, logger: logger)
        let inFlightBytes = self.inFlightBytes
        return { stream, topics in
            guard !topics.isEmpty else { return nil }
            return StreamPipeline(
                configuration: StreamSettingsMap.pipeline(
                    stream,
                    topics,
                    tenant,
                    configuration,
                    inFlightBytes: inFlightBytes,
                    redaction: redaction
                ),
                source: source,
                validator: validator,
                gate: gate,
                tokens: tokens,
                delivery: delivery
            )
        }
    }
}
