/// What became of one tenant's events.
struct AuditResult: Codable, Hashable {
    /// The tenant.
    var tenant: String
    /// Events that the source gave to the bridge at least once.
    var sent: Int
    /// Of them, those that are in Kafka.
    var delivered: Int
    /// Of them, those that are in the dead letters instead.
    var deadLettered: Int
    /// Of them, those that the source never sent because a position was lost, which a gap record says.
    var insideGaps: Int
    /// Of them, those that nothing accounts for.
    var lost: Int
    /// Records in the gap topic.
    var gaps: Int
    /// Records beyond the first of an event.
    var duplicated: Int
    /// Events that came behind a later one of their key.
    var outOfOrder: Int
    /// The sequence number of the first lost event.
    var firstLost: Int?
}
