/// `tenants[]`.
enum TenantSettings {
    /// More belong in several instances.
    static let maximumTenants = 1000

    static let name = BareSetting(
        required: "name",
        nameSyntax,
        "names the tenant in topics, checkpoints and logs; never change it"
    )
    static let streamProtocol = BareSetting(
        required: "protocol",
        ValueSyntax<StreamProtocol>.word(),
        "dialect of the notifications: the resumable stream, or the public API's channels, which cannot send anything again"
    )
    static let maxBatchSize = Setting(
        "maxBatchSize",
        .integer(1...1000),
        default: 100,
        "with protocol: stream: events of one message at most"
    )
    static let maxLatency = Setting(
        "maxLatency",
        .duration(.milliseconds(10)...(.seconds(3600))),
        default: .seconds(5),
        "with protocol: stream: how long the server may hold events back; below connection.proxyIdleTimeout"
    )
    static let onMissingCheckpoint = Setting(
        "onMissingCheckpoint",
        .word(),
        default: MissingCheckpointPolicy.start,
        "with protocol: stream, without a committed position: start at the server's present, or fail"
    )
    static let onPositionLost = Setting(
        "onPositionLost",
        .word(),
        default: PositionLostPolicy.continue,
        "with protocol: stream, when the server no longer has the position: continue at its present, with a gap record, or fail"
    )

    static let records = RecordOverrides(inherited: "as in records", whose: "the tenant's")

    static let definitions: [SettingDefinition] = [
        name.definition,
        EndpointSettings.region.definition,
        .section("endpoints", EndpointSettings.definitions),
        streamProtocol.definition,
        .section("credentials", CredentialsSettings.definitions),
        maxBatchSize.definition,
        maxLatency.definition,
        onMissingCheckpoint.definition,
        onPositionLost.definition,
        .section("records", records.definitions),
        .section("privacy", PrivacySettings.tenant.definitions),
        SettingDefinition(
            key: "subscriptions",
            defaultText: "required",
            range: "a list of 1 to \(SubscriptionSettings.maximumSubscriptions)",
            meaning: "what is wanted of the organization",
            shape: .list(SubscriptionSettings.definitions)
        ),
    ]

    private static let nameSyntax = ValueSyntax.text(
        "a name",
        range: "1 to 64 of a-z A-Z 0-9 . _ -, beginning with a letter or digit",
        limit: 64
    ) { text in
        let isAllowed = text.utf8.allSatisfy { byte in
            let scalar = Unicode.Scalar(byte)
            return scalar.properties.isAlphabetic && scalar.isASCII || (0x30...0x39).contains(byte)
                || [0x2d, 0x2e, 0x5f].contains(byte)
        }
        let first = text.unicodeScalars.first
        guard isAllowed, let first, ![".", "_", "-"].contains(first) else {
            return ValueProblem(problem: "cannot be a part of a topic's name")
        }
        return nil
    }

    /// The keys that a tenant with `protocol: channels` has no use for.
    private static let streamKeys = [maxBatchSize.key, maxLatency.key, onMissingCheckpoint.key, onPositionLost.key]

    /// What all tenants share.
    struct Shared {
        var connection: ConnectionConfiguration
        var channels: ChannelsConfiguration
        var style: DecodedStyle
        var privacy: PrivacySettings.Decoded
    }

    /// Decodes the list; nil where it is missing or empty, and then that is reported.
    static func decodeList(
        _ root: MappingReader,
        shared: Shared
    ) -> [TenantConfiguration]? {
        guard root.has("tenants") else {
            root.reportMissing(
                "tenants",
                "write a list of tenants, each with name, region, protocol, credentials and subscriptions"
            )
            return nil
        }
        guard let nodes = root.list("tenants") else { return nil }
        guard !nodes.isEmpty else {
            root.report("tenants", "is empty", "give at least one tenant")
            return nil
        }
        guard nodes.count <= Self.maximumTenants else {
            root.report(
                "tenants",
                "has more than \(Self.maximumTenants) tenants",
                "spread them over several files and instances"
            )
            return nil
        }
        var tenants: [TenantConfiguration] = []
        var names: [String: SourcePosition] = [:]
        var topics = TopicCollisions(context: root.context)
        var clients = SharedClients()
        var allFamilies: Set<String> = []
        for (path, node) in nodes {
            let reader = MappingReader(
                node,
                path: path,
                at: node.position,
                definitions: Self.definitions,
                context: root.context
            )
            let name = reader.value(Self.name)
            if let name {
                if let first = names[name] {
                    reader.report(
                        Self.name.key,
                        "a second tenant with this name (first in line \(first.line))",
                        "give each its own"
                    )
                }
                names[name] = names[name] ?? reader.position(of: Self.name.key)
                topics.add(tenant: name, at: reader)
            }
            let own = PrivacySettings.tenant.decode(
                reader.section(PrivacySettings.key, PrivacySettings.tenant.definitions),
                inherited: shared.privacy.configuration
            )
            if var tenant = Self.decode(reader, name: name, shared: shared, privacy: own, topics: &topics) {
                let families = Set(tenant.routedEvents.map(\.family))
                PrivacySettings.checkFamilies(own, among: families)
                allFamilies.formUnion(families)
                tenant.privacy = own.configuration
                tenants.append(tenant)
                clients.add(tenant, at: reader)
            }
        }
        topics.report()
        // What a broken tenant would have brought is not known.
        if tenants.count == nodes.count { PrivacySettings.checkFamilies(shared.privacy, among: allFamilies) }
        return tenants.isEmpty ? nil : tenants
    }

    private static func decode(
        _ reader: MappingReader,
        name: String?,
        shared: Shared,
        privacy: PrivacySettings.Decoded,
        topics: inout TopicCollisions
    ) -> TenantConfiguration? {
        let streamProtocol = reader.value(Self.streamProtocol)
        let endpoints = EndpointSettings.decode(reader, streamProtocol)
        let credentials = CredentialsSettings.decode(reader)
        let style = Self.records.decode(reader.section("records", Self.records.definitions), inherited: shared.style)
        // The other dialect's are refused; what they say is of no interest then.
        func value<Value>(_ setting: Setting<Value>) -> Value {
            streamProtocol == .channels ? setting.defaultValue : reader.value(setting)
        }
        let (maxBatchSize, maxLatency) = (value(Self.maxBatchSize), value(Self.maxLatency))
        let (onMissingCheckpoint, onPositionLost) = (value(Self.onMissingCheckpoint), value(Self.onPositionLost))
        var subscriptions: [SubscriptionConfiguration]?
        var channelSubscriptions: [ChannelSubscription]?
        switch streamProtocol {
        case .stream:
            subscriptions = SubscriptionSettings.decodeList(reader, tenant: name, style: style, topics: &topics)
            Self.check(maxLatency, maxBatchSize, of: reader, against: shared.connection)
        case .channels:
            StreamProtocol.channels.refuse(Self.streamKeys, of: reader)
            channelSubscriptions = ChannelSubscriptionSettings.decodeList(
                reader,
                tenant: name,
                shared: shared,
                style: style,
                rules: privacy.configuration.rules,
                topics: &topics
            )
            if let channelSubscriptions {
                ChannelSubscriptionSettings.checkBudget(channelSubscriptions, shared.channels, reader)
            }
        // What belongs to it cannot be told.
        case nil: _ = SubscriptionSettings.elements(reader, each: "an event or a topic")
        }
        guard let name, let streamProtocol, let endpoints, let credentials,
            subscriptions != nil || channelSubscriptions != nil
        else { return nil }
        return TenantConfiguration(
            name: name,
            streamProtocol: streamProtocol,
            endpoints: endpoints,
            credentials: credentials,
            maxBatchSize: maxBatchSize,
            maxLatency: maxLatency,
            onMissingCheckpoint: onMissingCheckpoint,
            onPositionLost: onPositionLost,
            subscriptions: subscriptions ?? [],
            channelSubscriptions: channelSubscriptions ?? []
        )
    }

    /// What a stream's tenant asks for must go with the sections that all tenants share.
    private static func check(
        _ maxLatency: Duration,
        _ maxBatchSize: Int,
        of reader: MappingReader,
        against connection: ConnectionConfiguration
    ) {
        if maxLatency >= connection.proxyIdleTimeout,
            !reader.context.hasIssue(at: reader.keyPath(Self.maxLatency.key), "connection.proxyIdleTimeout")
        {
            reader.report(
                Self.maxLatency.key,
                "\(DurationText.format(maxLatency)) must be below connection.proxyIdleTimeout "
                    + "(\(DurationText.format(connection.proxyIdleTimeout)))",
                "a proxy would cut the quiet stream: lower maxLatency or raise proxyIdleTimeout"
            )
        }
        if connection.duplicateWindow > 0, maxBatchSize > connection.duplicateWindow,
            !reader.context.hasIssue(at: reader.keyPath(Self.maxBatchSize.key), "connection.duplicateWindow")
        {
            reader.report(
                Self.maxBatchSize.key,
                "\(maxBatchSize) is above connection.duplicateWindow (\(connection.duplicateWindow))",
                "a whole message that the server sends again would not be recognised: lower maxBatchSize, raise "
                    + "duplicateWindow, or turn it off with 0"
            )
        }
    }
}
