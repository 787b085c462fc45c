import BridgeCore
import BridgeRuntime
import GenesysCloud

/// From the configuration to the settings of one tenant's stream.
enum StreamSettingsMap {
    static func pipeline(
        _ stream: StreamID,
        _ topics: [SubscriptionTopic],
        _ tenant: TenantConfiguration,
        _ configuration: BridgeConfiguration,
        inFlightBytes: Int,
        redaction: Redaction? = nil
    ) -> StreamPipeline.Configuration {
        StreamPipeline.Configuration(
            stream: stream,
            topics: topics,
            session: Self.session(
                tenant,
                configuration.connection,
                refusal: configuration.delivery.refusedBackoff
            ),
            delivery: Self.delivery(
                configuration.delivery,
                inFlight: .init(bytes: inFlightBytes, batches: configuration.delivery.windowBatches)
            ),
            duplicateWindow: configuration.connection.duplicateWindow,
            label: PrivacyMap.label(redaction)
        )
    }

    /// What is behind the queue of any stream.
    static func delivery(
        _ delivery: DeliveryConfiguration,
        inFlight: BoundedQueue<NotificationBatch>.Limits
    ) -> DeliveryPolicy {
        DeliveryPolicy(
            inFlight: inFlight,
            commit: Self.commit(delivery),
            onRefused: delivery.onRefused == .deadLetter ? .deadLetter : .retry,
            silenceLimit: Self.silenceLimit(delivery)
        )
    }

    /// Far from what a busy broker takes, and in front of the minute after which librdkafka says something of a request without an answer.
    private static func silenceLimit(_ delivery: DeliveryConfiguration) -> Duration {
        switch delivery.guarantee {
        case .atLeastOnce: .seconds(30)
        // What a transaction holds is answered when it ends.
        case .exactlyOnce: .seconds(30) + delivery.checkpoints.commitInterval
        }
    }

    /// What a transaction has committed needs no company.
    static func commit(_ delivery: DeliveryConfiguration) -> CommitSchedule.Policy {
        switch delivery.guarantee {
        case .atLeastOnce:
            CommitSchedule.Policy(
                interval: delivery.checkpoints.commitInterval,
                batches: delivery.checkpoints.commitBatches
            )
        case .exactlyOnce: CommitSchedule.Policy(interval: .zero, batches: 1)
        }
    }

    /// What the tenant wants.
    static func rules(_ tenant: TenantConfiguration) -> [SubscriptionRule] {
        tenant.subscriptions.map { subscription in
            let filters = subscription.filters.map { BridgeCore.SubscriptionFilter(name: $0.name, values: $0.values) }
            if let resources = subscription.resources {
                let kind: ResourceQuery.Kind = resources == .queues ? .queues : .users
                return .query(
                    event: subscription.event,
                    filters: filters,
                    query: ResourceQuery(kind: kind, namePattern: subscription.named)
                )
            }
            return .topic(
                SubscriptionTopic(
                    event: subscription.event,
                    resourceID: subscription.resourceID,
                    filters: filters,
                    allowUnfiltered: subscription.allowUnfiltered
                )
            )
        }
    }

    /// What the tenant is subscribed to by name.
    static func topics(_ tenant: TenantConfiguration) -> [SubscriptionTopic] {
        SubscriptionRule.topics(of: Self.rules(tenant), found: [:])
    }

    static func tenant(
        _ tenant: TenantConfiguration,
        _ configuration: BridgeConfiguration,
        inFlightBytes: Int,
        redaction: Redaction? = nil
    ) -> TenantPipeline.Configuration {
        let connection = configuration.connection
        let settings = SourceSettings.streamSettings(tenant, connection, deadLetterBytesMax: 0)
        let endpoint = SourceSettings.endpoint(tenant.endpoints.streaming)
        let cost = { @Sendable (topics: [SubscriptionTopic]) in
            StreamURL.plannedByteCount(endpoint: endpoint, subscriptions: topics, settings: settings)
        }
        let base = cost([])
        return TenantPipeline.Configuration(
            tenant: tenant.name,
            planner: SubscriptionPlanner(
                rules: Self.rules(tenant),
                limits: Self.limits(connection, urlBaseBytes: base),
                urlBytes: { cost([$0]) - base }
            ),
            syncInterval: connection.syncInterval,
            syncBackoff: Self.backoff(connection.backoff),
            inFlight: .init(bytes: inFlightBytes, batches: configuration.delivery.windowBatches),
            label: PrivacyMap.label(redaction)
        )
    }

    static func limits(_ connection: ConnectionConfiguration, urlBaseBytes: Int) -> SubscriptionPlan.Limits {
        SubscriptionPlan.Limits(
            topicCountMax: connection.maxSubscriptionsPerSocket,
            urlBytesMax: connection.maxURLBytes,
            urlBaseBytes: urlBaseBytes
        )
    }

    static func gate(_ connection: ConnectionConfiguration) -> ConnectionGate.Policy {
        ConnectionGate.Policy(
            attemptsPerSecond: Double(connection.attemptsPerSecond),
            holdOff: Self.backoff(connection.holdOff)
        )
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
            onPositionLost: tenant.onPositionLost == .continue ? .continue : .fail,
            rolloverMargin: connection.rolloverMargin,
            revalidateInterval: connection.revalidateInterval,
            probeTimeout: tenant.maxLatency + .seconds(10)
        )
    }

    static func backoff(_ backoff: BackoffConfiguration) -> Backoff.Policy {
        Backoff.Policy(base: backoff.base, cap: backoff.cap, jitter: backoff.jitter == .above ? .above : .full)
    }

    static func mapper(
        _ tenant: TenantConfiguration,
        deadLetterBytesMax: Int,
        redaction: Redaction? = nil
    ) -> RecordMapper {
        RecordMapper(
            source: "/genesys/\(tenant.endpoints.region)/\(tenant.name)",
            families: Self.families(tenant, redaction: redaction),
            deadLetterTopic: TopicTemplate.deadLetters.kafkaTopic(tenant: tenant.name, family: ""),
            gapTopic: TopicTemplate.gaps.kafkaTopic(tenant: tenant.name, family: ""),
            keyLookup: EventKey.find,
            refused: .init(valueBytesMax: deadLetterBytesMax, sha256: DeadLetterDigest.sha256)
        )
    }

    /// Where the events of each name go: those of a resource that a subscription names, where that says; all others, where the
    /// subscriptions without a resource say, or else the first one of the name. Subscriptions that cannot be told apart agree. A resource
    /// whose id is hashed is told by its hash.
    static func families(_ tenant: TenantConfiguration, redaction: Redaction? = nil) -> [RecordFamily] {
        var families: [RecordFamily] = []
        var indexes: [String: Int] = [:]
        let general = tenant.routedEvents.filter { $0.resourceID == nil }
        for events in general + tenant.routedEvents {
            let destination = Self.destination(events, tenant)
            if let index = indexes[events.family] {
                guard let resourceID = events.resourceID, destination != families[index].destination else { continue }
                let shown = redaction?.resourceID(resourceID, of: events.family) ?? resourceID
                families[index].resources[shown] = destination
            } else {
                indexes[events.family] = families.count
                families.append(.init(name: events.family, destination: destination))
            }
        }
        return families
    }

    private static func destination(_ events: RoutedEvents, _ tenant: TenantConfiguration) -> RecordDestination {
        RecordDestination(
            kafkaTopic: events.kafkaTopic(tenant: tenant.name),
            key: events.records.key,
            withHeaders: events.records.headers == .cloudevents
        )
    }
}
