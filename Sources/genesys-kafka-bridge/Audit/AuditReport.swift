/// An audit over all tenants.
struct AuditReport: Codable, Hashable {
    /// One result per tenant.
    var tenants: [AuditResult]
    /// Records that carry no number, and gap records that cannot be read.
    var unreadable: Int
    /// Records that the broker dropped before the audit read them.
    var unread: Int
    /// What kept the audit from reading on.
    var problem: String?

    /// Events that are not in Kafka, over all tenants.
    var lost: Int { self.tenants.reduce(0) { $0 + $1.lost } }

    /// Whether the audit saw everything, and everything had arrived.
    var isClean: Bool { self.lost == 0 && self.unread == 0 && self.unreadable == 0 && self.problem == nil }
}
