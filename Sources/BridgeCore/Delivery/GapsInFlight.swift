/// Remembers which gaps are on their way to Kafka, so that one whose record is discarded with a failed delivery is said again
/// (`no-silent-loss`).
///
/// Batches are acknowledged in the order in which they were admitted, as far as a position may be committed: a batch's place in that order
/// tells whether it was.
public struct GapsInFlight: Hashable, Sendable {
    private struct Entry: Hashable {
        var gap: StreamGap
        /// How many batches are acknowledged when its record is.
        var place: UInt64
    }

    private var entries: [Entry] = []
    /// How many batches are acknowledged when the last one that was admitted is.
    private var lastPlace: UInt64 = 0

    /// Nothing is on its way.
    public init() {}

    /// A batch was handed on.
    public mutating func batchAdmitted() {
        self.lastPlace += 1
    }

    /// The record of `gap` was handed on; `acknowledged` batches are acknowledged so far, with everything before them.
    public mutating func gapAdmitted(_ gap: StreamGap, acknowledged: UInt64) {
        self.lastPlace += 1
        self.entries.removeAll { $0.place <= acknowledged }
        self.entries.append(Entry(gap: gap, place: self.lastPlace))
    }

    /// Nothing is in flight any more: what is not among the `acknowledged` batches was discarded. Returns the gaps of that.
    public mutating func settled(acknowledged: UInt64) -> [StreamGap] {
        defer {
            self.entries = []
            self.lastPlace = acknowledged
        }
        return self.entries.filter { $0.place > acknowledged }.map(\.gap)
    }
}
