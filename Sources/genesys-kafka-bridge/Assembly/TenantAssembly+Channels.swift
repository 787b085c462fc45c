import BridgeCore
import BridgeRuntime
import GenesysCloud
import Logging

extension TenantAssembly {
    /// Makes the pipelines of a tenant with `protocol: channels`.
    func channels(
        _ tenant: TenantConfiguration,
        redaction: Redaction?,
        tokens: TokenService,
        rest: RESTClient,
        counters: StreamCounters,
        logger: Logger
    ) -> @Sendable (StreamID, [SubscriptionTopic]) -> (any TenantStream)? {
        let (configuration, clock) = (self.configuration, self.clock)
        let channels = configuration.channels
        let source = WebSocketChannelSource(
            connector: self.connector,
            settings: ChannelSettingsMap.source(channels, deadLetterBytesMax: self.deadLetterBytesMax),
            redaction: redaction,
            counters: counters,
            ids: EventIDSequence(startedAtMilliseconds: clock.wallMilliseconds, random: UInt64.random(in: 0 ... .max)),
            secondsSince1970: { clock.wallMilliseconds / 1000 },
            logger: logger
        )
        let parts = ChannelPipeline.Parts(
            source: source,
            service: PlatformChannels(client: rest, timeout: channels.callTimeout, redaction: redaction),
            gate: self.gates.gate(for: tenant.endpoints.streaming),
            places: ChannelPlaceLine(count: channels.reservedChannels),
            tokens: tokens,
            delivery: self.delivery(tenant, redaction: redaction, logger: logger),
            label: PrivacyMap.topicLabel(redaction),
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
}
