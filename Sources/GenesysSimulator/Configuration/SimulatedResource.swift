/// One queue, user or conversation of a tenant: the `resourceId` of its events, and so their key.
public struct SimulatedResource: Sendable, Equatable {
    /// The event name that its events carry and subscriptions name, such as `routing.queueEvents`.
    public var event: String
    /// Unique within the tenant.
    public var resourceId: String
    /// The values of `eventType`, taken in turn. At least one.
    public var eventTypes: [String]
    /// What people call it: the `name` in the lists of queues and users.
    public var name: String

    /// - Parameters:
    ///   - eventTypes: nil stands for those that the upstream has for `event`.
    ///   - name: nil stands for the `resourceId`.
    public init(event: String, resourceId: String, eventTypes: [String]? = nil, name: String? = nil) {
        self.event = event
        self.resourceId = resourceId
        self.eventTypes = eventTypes ?? Self.usualEventTypes(of: event)
        self.name = name ?? resourceId
    }

    /// The REST list that it is in.
    var list: ResourceList? { ResourceList(event: self.event) }

    /// `count` resources whose event names are taken in turn from `events`, with identifiers that follow from the seed
    /// and names such as `Queue 1` and `User 2`.
    public static func generated(
        count: Int,
        events: [String] = ["routing.queueEvents", "user.presence", "conversation.calls"],
        seed: UInt64 = 1
    ) -> [SimulatedResource] {
        let hash = SeededHash(seed: seed).derived(for: "resources")
        return (0..<max(0, count)).compactMap { index in
            guard !events.isEmpty else { return nil }
            let identifier = UniqueIdentifier(hash: hash, number: index).text
            let event = events[index % events.count]
            return SimulatedResource(event: event, resourceId: identifier, name: Self.usualName(of: event, index))
        }
    }

    private static func usualName(of event: String, _ index: Int) -> String {
        switch ResourceList(event: event) {
        case .queues: "Queue \(index + 1)"
        case .users: "User \(index + 1)"
        case nil: "Resource \(index + 1)"
        }
    }

    private static func usualEventTypes(of event: String) -> [String] {
        switch event {
        case "routing.queueEvents": ["QUEUE_ADD", "QUEUE_REMOVE"]
        case "user.presence": ["PRESENCE_CHANGE"]
        case "conversation.calls": ["CALL_ALERTING", "CALL_CONNECTED", "CALL_DISCONNECTED"]
        case _: ["CREATED", "UPDATED"]
        }
    }
}
