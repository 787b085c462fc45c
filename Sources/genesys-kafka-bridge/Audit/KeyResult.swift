/// What became of the numbered events of one key.
struct KeyResult: Codable, Hashable {
    /// The key.
    var key: String
    /// Events from the first to the last that is known of, which are in Kafka.
    var delivered: Int
    /// Records beyond the first of an event.
    var duplicated: Int
    /// Events that came behind a later one.
    var outOfOrder: Int
    /// Events that are in the dead letters instead.
    var deadLettered: Int
    /// Events that gap records account for.
    var insideGaps: Int
    /// Events that came to be inside a gap or beside it: nobody can say which.
    var besideGaps: Int
    /// Events of which nobody knows any time to compare with gap records.
    var undecided: Int
    /// Events that nothing accounts for.
    var lost: Int
}

extension KeyResult {
    /// What became of the events of a key from the first to the last that is known of.
    init(_ key: String, _ numbers: NumberAccount, others: MissingNumbers = MissingNumbers()) {
        var result = AuditResult(tenant: "", gaps: 0, duplicated: 0, outOfOrder: 0)
        numbers.add(numbers.span, others: others, named: key, to: &result)
        self.init(
            key: key,
            delivered: result.delivered,
            duplicated: numbers.duplicated,
            outOfOrder: numbers.outOfOrder,
            deadLettered: result.deadLettered,
            insideGaps: result.insideGaps,
            besideGaps: result.besideGaps,
            undecided: result.undecided,
            lost: result.lost
        )
    }
}
