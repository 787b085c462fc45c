/// Which events of a tenant a stream is subscribed to.
struct SubscriptionFilter: Equatable {
    /// True when every event matches: nothing need be looked up.
    let matchesEverything: Bool
    private let wanted: [[Bool]]

    /// - Parameter subscriptions: at least one. Those that are not valid match nothing.
    init(_ subscriptions: [Subscription], resources: ResourceTable) {
        self.wanted = resources.wanted(by: subscriptions)
        self.matchesEverything = self.wanted.allSatisfy { $0.allSatisfy { $0 } }
    }

    func matches(resource: Int, eventType: Int) -> Bool {
        self.matchesEverything || self.wanted[resource][eventType]
    }

    /// The indexes of the resources of which at least one event type matches.
    var resources: [Int] {
        self.wanted.indices.filter { self.wanted[$0].contains(true) }
    }

    /// Whether any event of the resource matches.
    func covers(_ resource: Int) -> Bool {
        resource < self.wanted.count && self.wanted[resource].contains(true)
    }
}
