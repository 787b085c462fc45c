/// The resources of a tenant as they are now: created, forbidden and deleted while the simulator runs.
///
/// A resource keeps its index for ever; one that is created again after its deletion gets its old one.
struct ResourceTable: Equatable {
    struct Entry: Equatable {
        let resource: SimulatedResource
        var state = ResourceState.available
    }

    private(set) var entries: [Entry] = []
    private var indexes: [String: Int] = [:]

    init(_ resources: [SimulatedResource]) {
        for resource in resources { self.append(resource) }
    }

    private mutating func append(_ resource: SimulatedResource) {
        self.indexes[resource.resourceId] = self.entries.count
        self.entries.append(Entry(resource: resource))
    }

    func index(of resourceId: String) -> Int? {
        self.indexes[resourceId]
    }

    /// The indexes of the resources that make events.
    var living: [Int] {
        self.entries.indices.filter { self.entries[$0].state != .deleted }
    }

    /// - Returns: whether the resource has a new index. A deleted one comes back with its old event and name.
    /// - Throws: ``SimulatorError/resourceExists(_:)``.
    mutating func create(_ resource: SimulatedResource) throws -> Bool {
        guard let index = self.indexes[resource.resourceId] else {
            self.append(resource)
            return true
        }
        guard self.entries[index].state == .deleted else { throw SimulatorError.resourceExists(resource.resourceId) }
        self.entries[index].state = .available
        return false
    }

    /// - Returns: the index of the resource.
    /// - Throws: ``SimulatorError/unknownResource(_:)``, ``SimulatorError/lastResource(_:)``.
    mutating func delete(_ resourceId: String) throws -> Int {
        let index = try self.livingIndex(of: resourceId)
        guard self.living.count > 1 else { throw SimulatorError.lastResource(resourceId) }
        self.entries[index].state = .deleted
        return index
    }

    /// - Returns: the index of the resource.
    /// - Throws: ``SimulatorError/unknownResource(_:)``.
    mutating func setForbidden(_ isForbidden: Bool, _ resourceId: String) throws -> Int {
        let index = try self.livingIndex(of: resourceId)
        self.entries[index].state = isForbidden ? .forbidden : .available
        return index
    }

    private func livingIndex(of resourceId: String) throws -> Int {
        guard let index = self.indexes[resourceId], self.entries[index].state != .deleted else {
            throw SimulatorError.unknownResource(resourceId)
        }
        return index
    }

    // MARK: Subscriptions

    /// What becomes of a subscription that is asked for now.
    func standing(of subscription: Subscription) -> SubscriptionStanding {
        let states = self.candidates(subscription).compactMap { index -> ResourceState? in
            let entry = self.entries[index]
            guard entry.resource.event == subscription.event else { return nil }
            if let types = subscription.filters?.eventType, !entry.resource.eventTypes.contains(where: types.contains) {
                return nil
            }
            return entry.state
        }
        if states.contains(.available) { return .valid }
        return states.contains(.forbidden) ? .forbidden : .notFound
    }

    /// Which event types of which resource these subscriptions let through, whether they are valid or not: the events of a
    /// deleted resource that came before its end can still be replayed.
    func wanted(by subscriptions: [Subscription]) -> [[Bool]] {
        var wanted = self.entries.map { $0.resource.eventTypes.map { _ in false } }
        for subscription in subscriptions {
            for index in self.candidates(subscription) {
                let entry = self.entries[index]
                guard entry.resource.event == subscription.event, entry.state != .forbidden else { continue }
                for (type, name) in entry.resource.eventTypes.enumerated()
                where subscription.filters?.eventType?.contains(name) ?? true {
                    wanted[index][type] = true
                }
            }
        }
        return wanted
    }

    private func candidates(_ subscription: Subscription) -> [Int] {
        guard let resourceId = subscription.resourceId else { return Array(self.entries.indices) }
        return self.indexes[resourceId].map { [$0] } ?? []
    }
}
