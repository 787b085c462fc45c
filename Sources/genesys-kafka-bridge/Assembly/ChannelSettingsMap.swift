import BridgeCore
import BridgeRuntime
import GenesysCloud

/// From the configuration to the settings of one tenant's channels.
enum ChannelSettingsMap {
    static func policy(_ channels: ChannelsConfiguration) -> ChannelPolicy {
        ChannelPolicy(
            silenceLimit: channels.silenceLimit,
            pingInterval: channels.pingInterval,
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

    static func limits(_ channels: ChannelsConfiguration) -> ChannelPlan.Limits {
        ChannelPlan.Limits(
            topicCountMax: channels.topicsPerChannel,
            channelCountMax: channels.channelsPerClient,
            reserve: channels.reservedChannels,
            isRedundant: channels.redundancy
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

    static func spool(_ configuration: BridgeConfiguration) -> SpoolPolicy { configuration.spool.policy }

    /// Where the spool of a stream is: in a folder that no other stream has.
    static func store(of stream: StreamID, _ configuration: BridgeConfiguration) -> SpoolStore {
        switch configuration.spool.store {
        case .memory: .memory
        case .directory: .directory("\(configuration.spool.directory)/\(stream.tenant)/\(stream.stream)")
        }
    }

    /// What the tenant wants.
    static func rules(_ tenant: TenantConfiguration) -> [ChannelTopicRule] {
        tenant.channelSubscriptions.map(\.rule)
    }

    /// The families of its topics are the names of their events.
    static func mapper(_ tenant: TenantConfiguration, deadLetterBytesMax: Int) -> RecordMapper {
        StreamSettingsMap.mapper(tenant, deadLetterBytesMax: deadLetterBytesMax)
    }

    static func inFlight(_ delivery: DeliveryConfiguration, bytes: Int) -> BoundedQueue<NotificationBatch>.Limits {
        .init(bytes: bytes, batches: delivery.inFlight.batches)
    }

    /// How often the spool's cursor is written.
    static func commit(_ delivery: DeliveryConfiguration) -> CommitSchedule.Policy {
        StreamSettingsMap.commit(delivery)
    }
}
