/// What the topics of one tenant hold.
struct VerifiedTenant: Codable, Hashable {
    /// The tenant.
    var tenant: String
    /// Whether its events are of the public notification service, which numbers nothing and sends nothing again.
    var isOfChannels = false
    /// Records in its event topics.
    var records = 0
    /// Events in its event topics, each counted once.
    var delivered = 0
    /// Records beyond the first of an event.
    var duplicated = 0
    /// Whether `duplicated` is an estimate, because there were too many identifiers to keep.
    var duplicatedIsEstimate = false
    /// Events that carry numbers: only of them can be said what is lost and what is out of order.
    var numbered = 0
    /// Numbered events that came behind a later one of their key.
    var outOfOrder = 0
    /// Numbered events that nothing accounts for.
    var lost = 0
    /// The first of them.
    var firstLost: String?
    /// Numbered events that are missing where gap records say so.
    var insideGaps = 0
    /// Numbered events that are missing next to a gap of the public notification service: they came to be inside it or beside it, and the
    /// topics do not tell which.
    var besideGaps = 0
    /// How many of those would have come to be outside of all gaps, had they come at equal distances from their neighbours.
    var evenlyOutsideGaps = 0
    /// Numbered events that are missing, and of which nobody can say whether a gap record speaks for them: their neighbours carry no time.
    var undecided = 0
    /// Of the public notification service: numbers in front of the first event of their topic. Whether they should be there is not known.
    var inFront = 0
    /// Keys whose records are of several notification topics that cannot be compared: the order among those is not known.
    var uncomparedKeys = 0
    /// Records whose order was not looked at, because there are too many keys.
    var unfollowed = 0
    /// Records in the dead letters, by the class of what was wrong.
    var deadLetters: [String: Int] = [:]
    /// Records in the gap topic, by cause.
    var gaps: [String: Int] = [:]
    /// Of the public notification service: how long gaps were, by cause.
    var gapTimes: [GapTime]?
    /// Of the public notification service: records with a `ce_id` that was there already, which were written again after a crash.
    var rewritten: Int?
    /// Records that have neither a number nor a `ce_id`: of them nothing can be said.
    var unidentified = 0
    /// Records in front of the oldest that is still there.
    var expired = 0
    /// Offsets between that hold no record: compacted, expired meanwhile, or used by a transaction.
    var skippedOffsets = 0
    /// Topics of the configuration that the cluster does not have.
    var missingTopics: [String] = []
    /// Where asked for: the numbered events key by key.
    var keys: [KeyResult]?

    /// Whether nothing is lost or out of order, as far as can be said.
    var isClean: Bool { self.lost == 0 && self.outOfOrder == 0 }
}
