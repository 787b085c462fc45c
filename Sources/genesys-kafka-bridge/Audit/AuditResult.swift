/// What became of one tenant's events.
struct AuditResult: Codable, Hashable {
    /// The tenant.
    var tenant: String
    /// Events that the source gave to the bridge at least once.
    var sent: Int
    /// Of them, those that are in Kafka.
    var delivered: Int
    /// Of them, those that are not.
    var lost: Int
    /// Records beyond the first of an event.
    var duplicated: Int
    /// Events that came behind a later one of their key.
    var outOfOrder: Int
    /// The sequence number of the first lost event.
    var firstLost: Int?
}
