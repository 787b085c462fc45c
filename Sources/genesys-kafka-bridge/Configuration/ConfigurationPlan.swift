import BridgeCore

/// What an instance would do with a configuration: the answer of `validate`. Holds no secret.
struct ConfigurationPlan: Hashable, Codable {
    /// A tenant that the instance would run.
    struct Tenant: Hashable, Codable {
        var name: String
        var partition: Int
        var `protocol`: String
        /// The host that says where the sockets are, where it is a tenant of channels.
        var streaming: String
        var login: String
        /// Of a stream.
        var maxBatchSize: Int?
        /// Of a stream.
        var maxLatency: String?
        /// Of channels.
        var topics: Topics?
        var subscriptions: Int
        /// Sorted, without repetitions.
        var kafkaTopics: [String]
        /// Subscriptions whose records are not what `records` says, in the file's order.
        var routes: [Route]
    }

    /// What a tenant of channels wants, as far as it is known without asking the organization.
    struct Topics: Hashable, Codable {
        /// Topics that are written out.
        var named: Int
        /// Templates, each of as many topics as there are queues or users.
        var templates: Int
        /// Topics that there is room for.
        var countMax: Int
        /// Channels that the bridge has at most, beside those of rollovers.
        var channelsMax: Int

        init(_ tenant: TenantConfiguration, _ channels: ChannelsConfiguration) {
            let rules = tenant.channelRules
            let limits = channels.limits
            self.named = ChannelTopicRule.topics(of: rules, found: [:]).count
            self.templates = rules.count { $0.query != nil }
            self.countMax = limits.setCountMax * limits.topicCountMax
            self.channelsMax = limits.channelCountMax - limits.reserve
        }

        /// For people.
        var text: String {
            let found =
                self.templates > 0 ? " and those of \(ConfigurationPlan.counted(self.templates, "template"))" : ""
            return "\(ConfigurationPlan.counted(self.named, "topic"))\(found), of at most \(self.countMax) on "
                + ConfigurationPlan.counted(self.channelsMax, "channel")
        }
    }

    /// Where the events of a subscription go.
    struct Route: Hashable, Codable {
        var event: String
        /// The resource; nil for all that no other subscription of the event names.
        var resourceId: String?
        var kafkaTopic: String
        var key: String
        var headers: String

        /// For people.
        var text: String {
            let events = self.resourceId.map { "\(self.event) of \($0)" } ?? self.event
            return "\(events) to \(self.kafkaTopic), key \(self.key), headers \(self.headers)"
        }
    }

    var share: String
    var guarantee: String
    var tenantPartitions: Int
    var tenants: [Tenant]
    /// How many tenants belong to other shares.
    var otherTenants: Int
    var inFlightBytes: Int
    var inFlightBytesPerTenant: Int
    var maxMessageBytes: Int
    /// The folder, or nil where the checkpoints are in Kafka.
    var checkpointDirectory: String?
    /// The Kafka topic, or nil where the checkpoints are in a folder.
    var checkpointTopic: String?
    var commitInterval: String
    /// Where tenants of channels keep what Kafka does not have yet; nil where there are none.
    var spool: String?
    /// `name=value`, with secrets left out.
    var kafkaProperties: [String]
    var adminListen: String
    var warnings: [String]

    init(_ loaded: ConfigurationLoader.Loaded, file: String, share: Share) {
        let bridge = loaded.configuration
        let owned = bridge.tenants(ownedBy: share)
        self.share = share.description
        self.guarantee = bridge.delivery.guarantee.rawValue
        self.tenantPartitions = bridge.tenantPartitions
        self.tenants = owned.map { tenant in
            let isStream = tenant.streamProtocol == .stream
            let endpoints = tenant.endpoints
            return Tenant(
                name: tenant.name,
                partition: bridge.partition(of: tenant).index,
                protocol: tenant.streamProtocol.rawValue,
                streaming: (isStream ? endpoints.streaming : endpoints.api).description,
                login: endpoints.login.description,
                maxBatchSize: isStream ? tenant.maxBatchSize : nil,
                maxLatency: isStream ? DurationText.format(tenant.maxLatency) : nil,
                topics: isStream ? nil : Topics(tenant, bridge.channels),
                subscriptions: tenant.subscriptionCount,
                kafkaTopics: Set(tenant.routedEvents.map { $0.kafkaTopic(tenant: tenant.name) }).sorted(),
                routes: Self.routes(of: tenant, otherThan: bridge.records.style)
            )
        }
        self.otherTenants = bridge.tenants.count - owned.count
        self.inFlightBytes = bridge.delivery.inFlight.bytes
        self.inFlightBytesPerTenant = bridge.inFlightBytesPerTenant(share: share)
        self.maxMessageBytes = bridge.connection.maxMessageBytes
        let checkpoints = bridge.delivery.checkpoints
        switch checkpoints.store {
        case .directory: self.checkpointDirectory = checkpoints.directory
        case .kafkaTopic: self.checkpointTopic = checkpoints.topic
        }
        self.commitInterval = DurationText.format(bridge.delivery.checkpoints.commitInterval)
        if owned.contains(where: { $0.streamProtocol == .channels }) {
            let place = bridge.spool.store == .memory ? "memory" : bridge.spool.directory
            self.spool = "\(place), at most \(SizeText.format(bridge.spool.policy.bytesMax)) for each stream"
        }
        self.kafkaProperties = bridge.kafka.properties.map(\.description)
        self.adminListen = bridge.admin.listen?.description ?? "off"
        self.warnings = loaded.warnings.map { $0.line(file: file) }
    }

    private static func routes(of tenant: TenantConfiguration, otherThan style: RecordStyle) -> [Route] {
        var seen: Set<Route> = []
        return tenant.routedEvents.filter { $0.records != style }.map { events in
            Route(
                event: events.family,
                resourceId: events.resourceID,
                kafkaTopic: events.kafkaTopic(tenant: tenant.name),
                key: RecordSyntax.key.format(events.records.key),
                headers: events.records.headers.rawValue
            )
        }.filter { seen.insert($0).inserted }
    }

    /// For people.
    var text: String {
        var lines = ["configuration is valid"]
        lines += self.warnings.map { "warning: \($0)" }
        lines.append("")
        let others = self.otherTenants > 0 ? " (\(self.otherTenants) more belong to other shares)" : ""
        lines.append(
            "share \(self.share) runs \(Self.counted(self.tenants.count, "tenant"))\(others), \(self.guarantee):"
        )
        for tenant in self.tenants {
            lines.append("  \(tenant.name), partition \(tenant.partition) of \(self.tenantPartitions)")
            lines.append("    from    \(tenant.streaming) (token: \(tenant.login))")
            if let size = tenant.maxBatchSize, let latency = tenant.maxLatency {
                lines.append("    batches of at most \(size) events, after \(latency) at the latest")
            }
            if let topics = tenant.topics { lines.append("    channels of \(topics.text)") }
            lines.append(
                "    \(Self.counted(tenant.subscriptions, "subscription")) to \(Self.listed(tenant.kafkaTopics))"
            )
            lines += tenant.routes.prefix(Self.listedMax).map { "    \($0.text)" }
            if tenant.routes.count > Self.listedMax {
                lines.append("    and \(tenant.routes.count - Self.listedMax) more with records of their own")
            }
        }
        lines.append(
            "limits: \(SizeText.format(self.inFlightBytes)) in flight, \(SizeText.format(self.inFlightBytesPerTenant)) a tenant; "
                + "messages up to \(SizeText.format(self.maxMessageBytes))"
        )
        lines.append(
            "checkpoints: \(self.checkpointDirectory ?? "Kafka topic \(self.checkpointTopic ?? "")"), at most \(self.commitInterval) behind the acknowledgements"
        )
        if let spool = self.spool { lines.append("spool: \(spool)") }
        lines.append("kafka: \(self.kafkaProperties.joined(separator: " "))")
        lines.append("admin: \(self.adminListen)")
        return lines.joined(separator: "\n")
    }

    private static let listedMax = 20

    private static func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(Self.listedMax).joined(separator: ", ")
        return names.count > Self.listedMax ? "\(shown) and \(names.count - Self.listedMax) more" : shown
    }
}
