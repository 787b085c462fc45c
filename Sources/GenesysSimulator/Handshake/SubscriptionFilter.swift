/// Which events of a tenant a stream is subscribed to.
struct SubscriptionFilter: Equatable {
    /// True when every event matches: nothing need be looked up.
    let matchesEverything: Bool
    private let wanted: [[Bool]]

    /// Nil when a subscription names a resource, an event or an event type that the tenant does not have: one bad entry
    /// spoils the list (S5.1).
    init?(_ subscriptions: [Subscription], resources: [SimulatedResource]) {
        var wanted = resources.map { $0.eventTypes.map { _ in false } }
        for subscription in subscriptions {
            var known = false
            for (index, resource) in resources.enumerated()
            where resource.event == subscription.event
                && (subscription.resourceId == nil || subscription.resourceId == resource.resourceId)
            {
                for (type, name) in resource.eventTypes.enumerated()
                where subscription.filters?.eventType?.contains(name) ?? true {
                    wanted[index][type] = true
                    known = true
                }
            }
            guard known else { return nil }
        }
        guard !subscriptions.isEmpty else { return nil }
        self.wanted = wanted
        self.matchesEverything = wanted.allSatisfy { $0.allSatisfy { $0 } }
    }

    func matches(resource: Int, eventType: Int) -> Bool {
        self.matchesEverything || self.wanted[resource][eventType]
    }
}
