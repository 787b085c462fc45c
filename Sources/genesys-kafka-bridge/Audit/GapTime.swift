/// The gaps of one cause.
struct GapTime: Codable, Hashable {
    /// The cause.
    var cause: String
    /// Gap records.
    var records: Int
    /// Those of them of which nobody knows since when, or that have no end as yet: they count for no time.
    var unbounded: Int
    /// Topics that they name, each counted once.
    var topics: Int
    /// Time in which there was such a gap of at least one topic.
    var milliseconds: Int
}
