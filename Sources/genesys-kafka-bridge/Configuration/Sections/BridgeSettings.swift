import BridgeCore

/// The root of the file.
enum BridgeSettings {
    static let tenantPartitions = Setting(
        "tenantPartitions",
        .integer(1...4096),
        default: 64,
        "partitions that the tenants are spread over for `run --share`; never change it in a living deployment"
    )

    static let definitions: [SettingDefinition] = [
        .section("kafka", KafkaSettings.definitions),
        .section("delivery", DeliverySettings.definitions),
        .section("records", RecordsSettings.definitions),
        .section("privacy", PrivacySettings.top.definitions),
        .section("connection", ConnectionSettings.definitions),
        .section("channels", ChannelsSettings.definitions),
        .section("spool", SpoolSettings.definitions),
        tenantPartitions.definition,
        SettingDefinition(
            key: "tenants",
            defaultText: "required",
            range: "a list of 1 to \(TenantSettings.maximumTenants)",
            meaning: "the Genesys organizations",
            shape: .list(TenantSettings.definitions)
        ),
        .section("admin", AdminSettings.definitions),
        .section("log", LogSettings.definitions),
    ]

    /// Decodes the file's root; what an instance with `share` must be able to hold is checked for that share. Nil where a
    /// required part is missing; then that is reported.
    static func decode(_ root: ConfigurationNode, share: Share, context: DecodingContext) -> BridgeConfiguration? {
        let reader = MappingReader(root, path: "", at: .start, definitions: Self.definitions, context: context)
        let connectionReader = reader.section("connection", ConnectionSettings.definitions)
        let connection = ConnectionSettings.decode(connectionReader)
        let deliveryReader = reader.section("delivery", DeliverySettings.definitions)
        let delivery = DeliverySettings.decode(deliveryReader)
        let kafka = KafkaSettings.decode(
            reader.section("kafka", KafkaSettings.definitions),
            delivery: delivery,
            deliveryReader: deliveryReader
        )
        let (records, style) = RecordsSettings.decode(reader.section("records", RecordsSettings.definitions))
        let tenantPartitions = reader.value(Self.tenantPartitions)
        let channels = ChannelsSettings.decode(reader.section("channels", ChannelsSettings.definitions))
        let spoolReader = reader.section("spool", SpoolSettings.definitions)
        let spool = SpoolSettings.decode(spoolReader, checkpoints: delivery.checkpoints)
        let privacy = PrivacySettings.top.decode(reader.section(PrivacySettings.key, PrivacySettings.top.definitions))
        let tenants = TenantSettings.decodeList(
            reader,
            shared: .init(connection: connection, channels: channels, style: style, privacy: privacy)
        )
        let admin = AdminSettings.decode(reader.section("admin", AdminSettings.definitions))
        let log = LogSettings.decode(reader.section("log", LogSettings.definitions))
        guard let tenants else { return nil }
        let configuration = BridgeConfiguration(
            kafka: kafka,
            delivery: delivery,
            records: records,
            connection: connection,
            channels: channels,
            spool: spool,
            tenantPartitions: tenantPartitions,
            tenants: tenants,
            admin: admin,
            log: log
        )
        Self.checkMessageFits(configuration, share: share, connectionReader)
        Self.checkCheckpointTopic(configuration, deliveryReader)
        Self.checkGuarantee(configuration, deliveryReader)
        SpoolSettings.check(configuration, spoolReader)
        return configuration
    }

    /// Events among the checkpoints would be taken for them.
    private static func checkCheckpointTopic(_ configuration: BridgeConfiguration, _ reader: MappingReader) {
        let checkpoints = configuration.delivery.checkpoints
        guard checkpoints.store == .kafkaTopic else { return }
        let form = TopicTemplate.collisionForm(checkpoints.topic)
        for tenant in configuration.tenants {
            let topics =
                tenant.routedEvents.map { $0.kafkaTopic(tenant: tenant.name) }
                + [TopicTemplate.deadLetters, .gaps].map { $0.kafkaTopic(tenant: tenant.name, family: "") }
            guard let taken = topics.first(where: { TopicTemplate.collisionForm($0) == form }) else { continue }
            let section = reader.section("checkpoints", CheckpointSettings.definitions)
            return section.report(
                CheckpointSettings.topic.key,
                "cannot be told from \(taken), where records of tenant \(tenant.name) go",
                "give the checkpoints a topic of their own"
            )
        }
    }

    /// What was lost with a transaction would have to come again.
    private static func checkGuarantee(_ configuration: BridgeConfiguration, _ reader: MappingReader) {
        guard configuration.delivery.guarantee == .exactlyOnce,
            let tenant = configuration.tenants.first(where: { $0.streamProtocol == .channels })
        else { return }
        reader.report(
            DeliverySettings.guarantee.key,
            "cannot be exactly-once for tenant \(tenant.name): protocol: channels cannot send anything again from a position",
            "write at-least-once, or run the tenants with channels in a bridge of their own"
        )
    }

    /// A message that is larger than its tenant's part of the bound could never be taken in.
    private static func checkMessageFits(_ configuration: BridgeConfiguration, share: Share, _ reader: MappingReader) {
        let count = max(configuration.tenants(ownedBy: share).count, 1)
        let part = configuration.inFlightBytesPerTenant(share: share)
        let limit = configuration.connection.maxMessageBytes
        guard limit > part,
            !reader.context.hasIssue(at: "connection.maxMessageBytes", "delivery.inFlight.bytes", "tenantPartitions")
        else { return }
        reader.report(
            ConnectionSettings.maxMessageBytes.key,
            "\(SizeText.format(limit)) is more than a tenant may hold in flight: "
                + "delivery.inFlight.bytes (\(SizeText.format(configuration.delivery.inFlight.bytes))) / \(count) tenants "
                + "= \(SizeText.format(part))",
            "raise delivery.inFlight.bytes to \(Self.roundedUp(limit * count)) or lower maxMessageBytes"
        )
    }

    private static func roundedUp(_ bytes: Int) -> String {
        let mebibyte = 1_048_576
        return SizeText.format((bytes + mebibyte - 1) / mebibyte * mebibyte)
    }
}
