/// What a spool has done so far.
struct SpoolCounts {
    var syncs: UInt64 = 0
    var confirmed: UInt64 = 0
    var dropped: UInt64 = 0
    var unreadable: UInt64 = 0
    var diskReads: UInt64 = 0
    /// Losses that were given to readers as gap records, by cause, and how long they are; up to which place.
    var gaps: [String: SpoolSnapshot.Gaps] = [:]
    var gapsCountedThrough: UInt64 = 0
    /// Why the last write failed; nil: it did not.
    var failure: String?
}
