/// What the simulator knows to be true at one moment.
public struct SimulatorSnapshot: Sendable, Equatable, Codable {
    /// In the order of the configuration.
    public let tenants: [TenantSnapshot]
    /// Upgrade attempts that no tenant could be told for: no token, or none that is known.
    public let upgradesUnattributed: Int
    /// Token requests with credentials that no tenant has.
    public let tokenRequestsUnattributed: Int
    /// Faults that took effect, over all tenants.
    public let faultsFired: [String: Int]

    /// The tenant of this name.
    public subscript(tenant name: String) -> TenantSnapshot? {
        self.tenants.first { $0.name == name }
    }
}
