/// What an operator wants to know of an instance, at one moment. Holds no secret.
public struct HealthReport: Hashable, Sendable, Codable {
    /// Whether the instance does its work.
    public var ready: Bool
    /// Why it is not ready, where that is not a tenant's doing.
    public var reason: String?
    /// The tenants of this instance.
    public var tenants: [TenantHealth]

    /// A report of the given parts.
    public init(ready: Bool, reason: String? = nil, tenants: [TenantHealth]) {
        self.ready = ready
        self.reason = reason
        self.tenants = tenants
    }

    /// In one line for people and probes: `ready`, or `not ready: ` and the reasons.
    public var summary: String {
        guard !self.ready else { return "ready" }
        let tenants = self.tenants.filter { !$0.ready }.map { tenant in
            "\(tenant.name) is \(tenant.state)\(tenant.reason.map { " (\($0))" } ?? "")"
        }
        let reasons = (self.reason.map { [$0] } ?? []) + tenants
        return reasons.isEmpty ? "not ready" : "not ready: \(reasons.joined(separator: "; "))"
    }
}
