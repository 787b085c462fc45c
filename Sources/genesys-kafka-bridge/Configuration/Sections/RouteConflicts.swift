/// Finds subscriptions of a tenant whose events cannot be told apart, and which send them to different places.
///
/// An event says its name and its resource, and not which subscription brought it: subscriptions of one name and one resource, and all of
/// one name without a resource, must have the same records. So does an event of a channel: its topic says both.
struct RouteConflicts {
    private struct Selector: Hashable {
        var family: String
        var resourceID: String?
    }

    private struct Owner {
        var path: String
        var line: Int
        var events: RoutedEvents
    }

    /// Nil where the tenant's name is wrong.
    private let tenant: String?
    private let dialect: StreamProtocol
    /// The key that says what a subscription brings.
    private let key: String
    private var owners: [Selector: Owner] = [:]

    init(tenant: String?, dialect: StreamProtocol, key: String) {
        self.tenant = tenant
        self.dialect = dialect
        self.key = key
    }

    /// Checks what a subscription that stands at `reader` brings; one report is enough, whatever else is the matter with it.
    mutating func check(_ events: [RoutedEvents], at reader: MappingReader) {
        for events in events where self.hasConflict(events, at: reader) { return }
    }

    private mutating func hasConflict(_ events: RoutedEvents, at reader: MappingReader) -> Bool {
        let selector = Selector(family: events.family, resourceID: events.resourceID)
        guard let owner = self.owners[selector] else {
            self.owners[selector] = Owner(path: reader.path, line: reader.position.line, events: events)
            return false
        }
        let differences = self.differences(owner.events, events)
        guard !differences.isEmpty else { return false }
        reader.report(
            reader.has(SubscriptionSettings.recordsKey) ? SubscriptionSettings.recordsKey : self.key,
            "its events cannot be told from those of \(owner.path) in line \(owner.line), which has another "
                + differences.joined(separator: " and another "),
            "give both the same records, or each \(self.dialect == .stream ? "a resourceId" : "an id") of its own"
        )
        return true
    }

    private func differences(_ first: RoutedEvents, _ second: RoutedEvents) -> [String] {
        var names: [String] = []
        // Two templates may come to the same.
        let tenant = self.tenant ?? ""
        if first.kafkaTopic(tenant: tenant) != second.kafkaTopic(tenant: tenant) { names.append("topic") }
        if first.records.key != second.records.key { names.append("key") }
        if first.records.headers != second.records.headers { names.append("kind of headers") }
        return names
    }
}
