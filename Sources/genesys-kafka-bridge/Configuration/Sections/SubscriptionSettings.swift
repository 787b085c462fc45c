/// `tenants[].subscriptions[]`.
enum SubscriptionSettings {
    static let maximumSubscriptions = 10_000
    private static let maximumFilterValues = 1000

    private static let text = ValueSyntax.text("a string", limit: 256)

    static let event = BareSetting(
        required: "event",
        eventSyntax,
        "with protocol: stream: name of the event, such as routing.queueEvents"
    )
    static let resourceID = BareSetting(
        optional: "resourceId",
        text,
        absence: "all resources",
        "the one resource whose events are wanted"
    )
    static let resources = BareSetting(
        optional: "resources",
        ValueSyntax<ResourceKind>.word(),
        absence: "none",
        "one subscription for each queue or user of the organization, found and followed through the platform API"
    )
    static let named = BareSetting(
        optional: "named",
        text,
        absence: "all of them",
        "with resources, {queue} or {user}: only those whose name matches; * stands for any characters, ? for one"
    )
    static let allowUnfiltered = Setting(
        "allowUnfiltered",
        .boolean,
        default: false,
        "says that a subscription with neither resourceId nor filters is meant"
    )

    static let recordsKey = "records"
    static let records = RecordOverrides(inherited: "the tenant's", whose: "its")

    static let definitions: [SettingDefinition] = [
        event.definition,
        ChannelSubscriptionSettings.topic.definition,
        resourceID.definition,
        resources.definition,
        named.definition,
        SettingDefinition(
            key: "filters",
            defaultText: "none",
            range: "field: [values]",
            meaning: "only events whose fields have one of the values",
            shape: .anyKeys
        ),
        allowUnfiltered.definition,
        .section("records", records.definitions),
    ]

    private static let eventSyntax = ValueSyntax.text("an event's name", range: "without white space", limit: 200) {
        text in
        text.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? nil : ValueProblem(problem: "is not the name of an event")
    }

    /// The list's elements; nil where it is missing or empty, and then that is reported. `key` is what each of them needs.
    static func elements(
        _ tenant: MappingReader,
        each key: String
    ) -> [(path: String, node: ConfigurationNode)]? {
        guard tenant.has("subscriptions") else {
            tenant.reportMissing("subscriptions", "write a list of subscriptions, each with \(key)")
            return nil
        }
        guard let nodes = tenant.list("subscriptions") else { return nil }
        guard !nodes.isEmpty else {
            tenant.report("subscriptions", "is empty", "give at least one subscription")
            return nil
        }
        guard nodes.count <= Self.maximumSubscriptions else {
            tenant.report("subscriptions", "has more than \(Self.maximumSubscriptions) subscriptions", "use fewer")
            return nil
        }
        return nodes
    }

    /// Decodes the list of a stream's tenant; nil where it is missing or empty, and then that is reported.
    static func decodeList(
        _ tenant: MappingReader,
        tenant name: String?,
        style: DecodedStyle,
        topics: inout TopicCollisions
    ) -> [SubscriptionConfiguration]? {
        let foreign = [ChannelSubscriptionSettings.topic.key]
        let walk = SubscriptionWalk(tenant: tenant, name: name, style: style, dialect: .stream, foreignKeys: foreign)
        return walk.decode(into: &topics, decode: Self.decode) { [$0.routedEvents] }
    }

    private static func decode(_ reader: MappingReader, _ records: RecordStyle) -> SubscriptionConfiguration? {
        let event = reader.value(Self.event)
        let resourceID = reader.value(Self.resourceID)
        let resources = reader.value(Self.resources)
        let named = reader.value(Self.named)
        let filters = Self.decodeFilters(reader)
        let allowUnfiltered = reader.value(Self.allowUnfiltered)
        guard let event, let filters else { return nil }
        if reader.has(Self.resourceID.key), reader.has(Self.resources.key) {
            reader.report(Self.resources.key, "given beside resourceId", "give one of them")
        }
        if reader.has(Self.named.key), !reader.has(Self.resources.key) {
            reader.report(Self.named.key, "given without resources", "say resources: queues or resources: users")
        }
        if !reader.has(Self.resourceID.key), !reader.has(Self.resources.key), !reader.has("filters"), !allowUnfiltered,
            !reader.context.hasIssue(at: reader.keyPath(Self.allowUnfiltered.key))
        {
            reader.report(
                Self.event.key,
                "without resourceId and filters this brings the events of the whole platform",
                "add resourceId, resources or filters, or say allowUnfiltered: true"
            )
        }
        return SubscriptionConfiguration(
            event: event,
            resourceID: resourceID,
            resources: resources,
            named: named,
            filters: filters,
            allowUnfiltered: allowUnfiltered,
            records: records
        )
    }

    /// Nil where something is wrong; then that is reported.
    private static func decodeFilters(_ reader: MappingReader) -> [SubscriptionFilter]? {
        guard reader.has("filters") else { return [] }
        guard let entries = reader.anyKeys("filters") else { return nil }
        let scalars = ScalarReader(context: reader.context)
        var filters: [SubscriptionFilter] = []
        for entry in entries {
            let path = "\(reader.keyPath("filters")).\(ControlCharacters.escape(String(entry.key.prefix(200))))"
            var values: [String] = []
            switch entry.value {
            case .scalar:
                if let value = scalars.parse(entry.value, keyPath: path, Self.text) { values = [value] }
            case .sequence(let nodes, let position):
                if nodes.isEmpty || nodes.count > Self.maximumFilterValues {
                    reader.context.report(
                        position,
                        path,
                        "must have 1 to \(Self.maximumFilterValues) values",
                        "list the wanted values"
                    )
                }
                for (index, node) in nodes.prefix(Self.maximumFilterValues).enumerated() {
                    if let value = scalars.parse(node, keyPath: "\(path)[\(index)]", Self.text) { values.append(value) }
                }
            case .mapping(_, let position):
                reader.context.report(position, path, "must be a list, but is a mapping", "list the wanted values")
            }
            filters.append(SubscriptionFilter(name: entry.key, values: values))
        }
        if filters.isEmpty {
            reader.report("filters", "has no fields", "name a field, or leave filters out")
            return nil
        }
        return filters
    }
}
