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

    func parts(_ tenant: TenantConfiguration) -> TenantParts {
        var logger = self.logger
        logger[metadataKey: "tenant"] = "\(tenant.name)"
        let upstream = TenantUpstream(tenant, self.configuration.connection, clock: self.clock, logger: logger)
        let (configuration, makeStream) = self.dialect(of: upstream)
        let pipeline = TenantPipeline(
            configuration: configuration,
            directory: PlatformDirectory(client: upstream.rest, logger: logger),
            tokens: upstream.tokens,
            store: self.store,
            clock: self.clock,
            logger: logger,
            makeStream: makeStream
        )
        return TenantParts(
            upstream: upstream,
            partition: self.configuration.partition(of: tenant),
            pipeline: pipeline
        )
    }

    /// What a tenant is, and what its streams are, in its dialect.
    private func dialect(
        of upstream: TenantUpstream
    ) -> (TenantPipeline.Configuration, TenantPipeline.StreamMaker) {
        switch upstream.tenant.streamProtocol {
        case .stream:
            let configuration = StreamSettingsMap.tenant(
                upstream.tenant,
                self.configuration,
                inFlightBytes: self.inFlightBytes,
                redaction: upstream.redaction
            )
            return (configuration, self.streams(of: upstream))
        case .channels:
            let configuration = ChannelSettingsMap.tenant(
                upstream.tenant,
                self.configuration,
                inFlightBytes: self.inFlightBytes,
                redaction: upstream.redaction
            )
            return (configuration, self.channels(of: upstream))
        }
    }

    /// Makes the pipelines of a tenant with `protocol: stream`.
    private func streams(of upstream: TenantUpstream) -> TenantPipeline.StreamMaker {
        let configuration = self.configuration
        let connection = configuration.connection
        let source = upstream.streamSource(
            connection,
            deadLetterBytesMax: self.deadLetterBytesMax,
            connector: self.connector,
            clock: self.clock
        )
        let validator = StreamPreflight(
            client: upstream.rest,
            maxURLBytes: connection.maxURLBytes,
            timeout: connection.connectTimeout,
            redaction: upstream.redaction,
            logger: upstream.logger
        )
        let gate = self.gates.gate(for: upstream.tenant.endpoints.streaming)
        let delivery = self.delivery(of: upstream)
        let inFlightBytes = self.inFlightBytes
        return { stream, topics in
            guard !topics.isEmpty else { return nil }
            return StreamPipeline(
                configuration: StreamSettingsMap.pipeline(
                    stream,
                    topics,
                    upstream.tenant,
                    configuration,
                    inFlightBytes: inFlightBytes,
                    redaction: upstream.redaction
                ),
                source: source,
                validator: validator,
                gate: gate,
                tokens: upstream.tokens,
                delivery: delivery
            )
        }
    }

    /// Makes the pipelines of a tenant with `protocol: channels`.
    private func channels(of upstream: TenantUpstream) -> TenantPipeline.StreamMaker {
        let configuration = self.configuration
        let channels = configuration.channels
        let parts = ChannelPipeline.Parts(
            source: upstream.channelSource(
                ChannelSettingsMap.source(channels, deadLetterBytesMax: self.deadLetterBytesMax),
                connector: self.connector,
                clock: self.clock
            ),
            service: PlatformChannels(
                client: upstream.rest,
                timeout: channels.callTimeout,
                redaction: upstream.redaction
            ),
            gate: self.gates.gate(for: upstream.tenant.endpoints.streaming),
            places: ChannelPlaceLine(count: channels.reservedChannels),
            tokens: upstream.tokens,
            delivery: self.delivery(of: upstream),
            label: PrivacyMap.topicLabel(upstream.redaction),
            spoolCrashPoint: self.spoolCrashPoint
        )
        let inFlightBytes = self.inFlightBytes
        // One without topics is made all the same: its spool may hold what was received before they went.
        return { stream, topics in
            ChannelPipeline(
                configuration: ChannelSettingsMap.pipeline(stream, topics, configuration, inFlightBytes: inFlightBytes),
                parts: parts
            )
        }
    }

    /// What the tenant's streams deliver with.
    private func delivery(of upstream: TenantUpstream) -> DeliveryParts {
        DeliveryParts(
            mapper: StreamSettingsMap.mapper(
                upstream.tenant,
                deadLetterBytesMax: self.deadLetterBytesMax,
                redaction: upstream.redaction
            ),
            producer: self.producer(self.configuration.partition(of: upstream.tenant)),
            store: self.store,
            clock: self.clock,
            logger: upstream.logger,
            crashPoint: self.crashPoint
        )
    }
}
