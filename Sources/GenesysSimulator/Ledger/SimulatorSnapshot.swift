/// What the simulator knows to be true at one moment.
public struct SimulatorSnapshot: Sendable, Equatable, Codable {
    /// In the order of the configuration.
    public let tenants: [TenantSnapshot]
    /// Upgrade attempts that no tenant could be told for: no token, or none that is known.
    public let upgradesUnattributed: Int
    /// Token requests with credentials that no tenant has.
    public let tokenRequestsUnattributed: Int
    /// REST calls without a valid token.
    public let restCallsUnattributed: Int
    /// Upgrade attempts of all tenants and of nobody: pairs of a second since the simulator's start and a count, the newest 3,600.
    public let upgradeAttemptsPerSecond: [[Int]]
    /// Milliseconds since the simulator's start.
    public let milliseconds: Int
    /// Faults that took effect, over all tenants.
    public let faultsFired: [String: Int]
    /// What clients did that they must not, over all tenants and of nobody.
    public let violations: [String: Int]

    /// The tenant of this name.
    public subscript(tenant name: String) -> TenantSnapshot? {
        self.tenants.first { $0.name == name }
    }
}
