/// One Genesys organization that the simulator plays.
public struct SimulatedTenant: Sendable, Equatable {
    /// Unique within the simulator.
    public var name: String
    /// Unique within the simulator, without a colon.
    public var clientId: String
    /// Never part of a description.
    public var clientSecret: String
    /// How fast it makes events at first.
    public var rate: ProductionRate
    /// What events are about, and what may be subscribed to. At least one.
    public var resources: [SimulatedResource]
    /// Without it, tokens of this tenant are refused by the stream with 403 (the scope `notification:read` of S1.7).
    public var mayReadNotifications: Bool

    /// A tenant that makes 100 events a second about 30 resources, unless told otherwise.
    public init(
        name: String,
        clientId: String,
        clientSecret: String,
        rate: ProductionRate = .eventsPerSecond(100),
        resources: [SimulatedResource] = SimulatedResource.generated(count: 30),
        mayReadNotifications: Bool = true
    ) {
        self.name = name
        self.clientId = clientId
        self.clientSecret = clientSecret
        self.rate = rate
        self.resources = resources
        self.mayReadNotifications = mayReadNotifications
    }
}

extension SimulatedTenant: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the secret.
    public var description: String { "tenant \(self.name) with \(self.resources.count) resources" }
    /// Without the secret.
    public var debugDescription: String { self.description }
    /// Without the secret.
    public var customMirror: Mirror { Mirror(self, children: ["name": self.name]) }
}
