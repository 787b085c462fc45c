/// Goes through `tenants[].subscriptions` in the way that both dialects share.
struct SubscriptionWalk {
    let tenant: MappingReader
    /// Nil where the tenant's name is wrong.
    let name: String?
    let style: DecodedStyle
    let dialect: StreamProtocol
    /// The other dialect's keys.
    let foreignKeys: [String]

    /// The key that says what a subscription brings.
    private var key: String {
        switch self.dialect {
        case .stream: SubscriptionSettings.event.key
        case .channels: ChannelSubscriptionSettings.topic.key
        }
    }

    /// The list; nil where there is nothing in it, and then that is reported. `decode` returns nil for what is wrong, and has reported it.
    func decode<Subscription: Hashable>(
        into topics: inout TopicCollisions,
        decode: (MappingReader, RecordStyle) -> Subscription?,
        routedEvents: (Subscription) -> [RoutedEvents]
    ) -> [Subscription]? {
        let article = self.dialect == .stream ? "an" : "a"
        guard let nodes = SubscriptionSettings.elements(self.tenant, each: "\(article) \(self.key)") else { return nil }
        var subscriptions: [Subscription] = []
        var lines: [Subscription: Int] = [:]
        var conflicts = RouteConflicts(tenant: self.name, dialect: self.dialect, key: self.key)
        for (path, node) in nodes {
            let reader = MappingReader(
                node,
                path: path,
                at: node.position,
                definitions: SubscriptionSettings.definitions,
                context: self.tenant.context
            )
            self.dialect.refuse(self.foreignKeys, of: reader)
            let recordsReader = reader.section(
                SubscriptionSettings.recordsKey,
                SubscriptionSettings.records.definitions
            )
            let records = SubscriptionSettings.records.decode(recordsReader, inherited: self.style)
            guard let subscription = decode(reader, records.style) else { continue }
            if let line = lines[subscription] {
                let what = self.dialect == .stream ? "subscription" : "topic"
                reader.report(self.key, "the same \(what) twice (first in line \(line))", "keep one")
                continue
            }
            lines[subscription] = node.position.line
            if records.isSound {
                let events = routedEvents(subscription)
                conflicts.check(events, at: reader)
                if let name {
                    for events in events {
                        topics.add(events, tenant: name, at: reader, key: self.key, records: recordsReader)
                    }
                }
            }
            subscriptions.append(subscription)
        }
        return subscriptions.isEmpty ? nil : subscriptions
    }
}
