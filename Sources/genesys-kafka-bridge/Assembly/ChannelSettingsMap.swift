import BridgeCore
import BridgeRuntime
import GenesysCloud

/// From the configuration to the settings of one tenant's channels.
enum ChannelSettingsMap {
    static func policy(_ channels: ChannelsConfiguration) -> ChannelPolicy {
        ChannelPolicy(
            silenceLimit: channels.silenceLimit,
            pingInterval: channels.pingInterval,
            pongTimeout: channels.pongTimeout,
            rolloverMargin: channels.rolloverMargin,
            overlap: channels.overlap,
            overlapMax: channels.overlapMax,
            redial: StreamSettingsMap.backoff(channels.redial),
            redialsMax: channels.redials,
            backoff: StreamSettingsMap.backoff(channels.backoff),
            eviction: StreamSettingsMap.backoff(channels.eviction),
            evictionsPerHourMax: channels.evictionsPerHour,
            refusedInterval: channels.refusedInterval,
            revalidateInterval: channels.revalidateInterval,
            healthyAfter: channels.healthyAfter,
            isRedundant: channels.redundancy,
            pongMeansLive: channels.pongMeansLive
        )
    }

    static func source(_ channels: ChannelsConfiguration, deadLetterBytesMax: Int) -> ChannelSettings {
        ChannelSettings(
            maxEventsPerBatch: channels.maxEventsPerBatch,
            maxBatchBytes: channels.maxBatchBytes,
            deadLetterBytesMax: deadLetterBytesMax,
            callTimeout: channels.callTimeout
        )
    }

    static func tenant(
        _ tenant: TenantConfiguration,
        _ configuration: BridgeConfiguration,
        inFlightBytes: Int,
        redaction: Redaction? = nil
    ) -> TenantPipeline.Configuration {
        TenantPipeline.Configuration(
            tenant: tenant.name,
            planner: ChannelPlanner(rules: tenant.channelRules, limits: configuration.channels.limits),
            syncInterval: configuration.connection.syncInterval,
            syncBackoff: StreamSettingsMap.backoff(configuration.connection.backoff),
            inFlight: Self.inFlight(configuration.delivery, bytes: inFlightBytes),
            label: { [label = PrivacyMap.topicLabel(redaction)] in label($0.event) }
        )
    }

    static func pipeline(
        _ stream: StreamID,
        _ topics: [SubscriptionTopic],
        _ configuration: BridgeConfiguration,
        inFlightBytes: Int
    ) -> ChannelPipeline.Configuration {
        let delivery = configuration.delivery
        return ChannelPipeline.Configuration(
            stream: stream,
            topics: topics,
            channels: Self.policy(configuration.channels),
            spoolStore: Self.store(of: stream, configuration),
            spool: Self.spool(configuration),
            inFlight: Self.inFlight(delivery, bytes: inFlightBytes),
            commit: Self.commit(delivery),
            onRefused: delivery.onRefused == .deadLetter ? .deadLetter : .retry,
            retry: StreamSettingsMap.backoff(delivery.refusedBackoff),
            silenceLimit: StreamSettingsMap.silenceLimit(delivery)
        )
    }

    static func spool(_ configuration: BridgeConfiguration) -> SpoolPolicy { configuration.spool.policy }

    /// Where the spool of a stream is: in a folder that no other stream has.
    static func store(of stream: StreamID, _ configuration: BridgeConfiguration) -> SpoolStore {
        switch configuration.spool.store {
        case .memory: .memory
        case .directory: .directory("\(configuration.spool.directory)/\(stream.tenant)/\(stream.stream)")
        }
    }

    /// The families of its topics are the names of their events.
    static func mapper(
        _ tenant: TenantConfiguration,
        deadLetterBytesMax: Int,
        redaction: Redaction? = nil
    ) -> RecordMapper {
        StreamSettingsMap.mapper(tenant, deadLetterBytesMax: deadLetterBytesMax, redaction: redaction)
    }

    static func inFlight(_ delivery: DeliveryConfiguration, bytes: Int) -> BoundedQueue<NotificationBatch>.Limits {
        .init(bytes: bytes, batches: delivery.inFlight.batches)
    }

    /// How often the spool's cursor is written.
    static func commit(_ delivery: DeliveryConfiguration) -> CommitSchedule.Policy {
        StreamSettingsMap.commit(delivery)
    }
}
