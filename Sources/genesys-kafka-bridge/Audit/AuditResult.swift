/// What became of one tenant's events.
struct AuditResult: Codable, Hashable {
    /// The tenant.
    var tenant: String
    /// Events that the source owed: those of all keys from the first one that it offered to the last.
    var sent = 0
    /// Of them, those that are in Kafka.
    var delivered = 0
    /// Of them, those that are in the dead letters instead.
    var deadLettered = 0
    /// Of them, those that no connection could have, which a gap record says.
    var insideGaps = 0
    /// Of them, those that are missing, and came to be inside a gap or beside it: nobody can say which.
    var besideGaps = 0
    /// Of those, how many would have come to be outside of all gaps, had they come evenly.
    var evenlyOutsideGaps = 0
    /// Of them, those that are missing, and of which nobody knows any time to compare with gap records.
    var undecided = 0
    /// Of them, those that nothing accounts for.
    var lost = 0
    /// Records in the gap topic.
    var gaps: Int
    /// Records beyond the first of an event.
    var duplicated: Int
    /// Of them, those with another `ce_id`, as far as that is remembered: copies of two channels, which were received twice. The others were
    /// written twice.
    var copied = 0
    /// Events that came behind a later one of their key.
    var outOfOrder: Int
    /// The first event that is lost.
    var firstLost: String?
    /// How long gaps were, by cause; of a source whose gaps are times only.
    var gapTimes: [GapTime] = []
}
