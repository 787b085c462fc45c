/// Finds subscriptions of a tenant whose events cannot be told apart, and which send them to different places.
///
/// An event says its name and its resource, and not which subscription brought it: subscriptions of one name and one resource, and all of
/// one name without a resource, must have the same records.
struct RouteConflicts {
    private struct Selector: Hashable {
        var event: String
        var resourceID: String?
    }

    private struct Owner {
        var path: String
        var line: Int
        var subscription: SubscriptionConfiguration
    }

    /// Nil where the tenant's name is wrong.
    private let tenant: String?
    private var owners: [Selector: Owner] = [:]

    init(tenant: String?) {
        self.tenant = tenant
    }

    /// Checks a subscription that stands at `reader`.
    mutating func check(_ subscription: SubscriptionConfiguration, at reader: MappingReader) {
        let selector = Selector(event: subscription.event, resourceID: subscription.resourceID)
        guard let owner = self.owners[selector] else {
            self.owners[selector] = Owner(path: reader.path, line: reader.position.line, subscription: subscription)
            return
        }
        let differences = self.differences(owner.subscription, subscription)
        guard !differences.isEmpty else { return }
        reader.report(
            reader.has(SubscriptionSettings.recordsKey)
                ? SubscriptionSettings.recordsKey : SubscriptionSettings.event.key,
            "its events cannot be told from those of \(owner.path) in line \(owner.line), which has another "
                + differences.joined(separator: " and another "),
            "give both the same records, or each a resourceId of its own"
        )
    }

    private func differences(
        _ first: SubscriptionConfiguration,
        _ second: SubscriptionConfiguration
    ) -> [String] {
        var names: [String] = []
        // Two templates may come to the same.
        let tenant = self.tenant ?? ""
        if first.kafkaTopic(tenant: tenant) != second.kafkaTopic(tenant: tenant) { names.append("topic") }
        if first.records.key != second.records.key { names.append("key") }
        if first.records.headers != second.records.headers { names.append("kind of headers") }
        return names
    }
}
