import BridgeCore
import BridgeRuntime

/// From the configuration to the settings of one tenant's stream.
enum StreamSettingsMap {
    /// The name of a tenant's one stream.
    static let streamName = "0"

    static func pipeline(
        _ tenant: TenantConfiguration,
        _ configuration: BridgeConfiguration,
        inFlightBytes: Int
    ) -> StreamPipeline.Configuration {
        let delivery = configuration.delivery
        return StreamPipeline.Configuration(
            stream: StreamID(tenant: tenant.name, stream: Self.streamName),
            topics: Self.topics(tenant),
            session: Self.session(tenant, configuration.connection, refusal: delivery.refusedBackoff),
            inFlight: .init(bytes: inFlightBytes, batches: delivery.inFlight.batches),
            commit: .init(interval: delivery.checkpoints.commitInterval, batches: delivery.checkpoints.commitBatches)
        )
    }

    /// What the tenant is subscribed to.
    static func topics(_ tenant: TenantConfiguration) -> [SubscriptionTopic] {
        tenant.subscriptions.map { subscription in
            SubscriptionTopic(
                event: subscription.event,
                resourceID: subscription.resourceID,
                filters: subscription.filters.map { .init(name: $0.name, values: $0.values) },
                allowUnfiltered: subscription.allowUnfiltered
            )
        }
    }

    private static func session(
        _ tenant: TenantConfiguration,
        _ connection: ConnectionConfiguration,
        refusal: BackoffConfiguration
    ) -> SessionPolicy {
        SessionPolicy(
            keepAlive: .init(
                pingInterval: connection.pingInterval,
                pongTimeout: connection.pongTimeout,
                missedPongsMax: connection.missedPongs,
                heartbeatTimeout: connection.heartbeatGrace.silenceLimit(maxLatency: tenant.maxLatency)
            ),
            backoff: Self.backoff(connection.backoff),
            refusal: Self.backoff(refusal),
            healthyAfter: connection.healthyAfter,
            maxStall: connection.maxStall,
            onMissingCheckpoint: tenant.onMissingCheckpoint == .start ? .start : .fail,
            onPositionLost: tenant.onPositionLost == .continue ? .continue : .fail
        )
    }

    private static func backoff(_ backoff: BackoffConfiguration) -> Backoff.Policy {
        Backoff.Policy(base: backoff.base, cap: backoff.cap, jitter: backoff.jitter == .above ? .above : .full)
    }

    static func mapper(_ tenant: TenantConfiguration, _ records: RecordsConfiguration) -> RecordMapper {
        var families: [RecordMapper.Family] = []
        for subscription in tenant.subscriptions where !families.contains(where: { $0.name == subscription.event }) {
            let topic = records.topic.kafkaTopic(tenant: tenant.name, family: subscription.event)
            families.append(.init(name: subscription.event, kafkaTopic: topic))
        }
        return RecordMapper(
            source: "/genesys/\(tenant.endpoints.region)/\(tenant.name)",
            families: families,
            deadLetterTopic: TopicTemplate.deadLetters.kafkaTopic(tenant: tenant.name, family: ""),
            gapTopic: TopicTemplate.gaps.kafkaTopic(tenant: tenant.name, family: ""),
            withHeaders: records.headers == .cloudevents
        )
    }
}
