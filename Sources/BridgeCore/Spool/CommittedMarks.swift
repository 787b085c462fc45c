internal import DequeModule

/// Knows which of a spool's marks lie before what is committed: where the segments do not outlive the process, a restart begins its gap there.
///
/// - Holds at most: 1,024 marks. Of more every other one is forgotten, and the gap begins so much earlier.
public struct CommittedMarks: Hashable, Sendable {
    private struct Mark: Hashable {
        var sequence: UInt64
        var milliseconds: Int64
    }

    private static let countMax = 1024

    private var marks: Deque<Mark> = []
    /// Everything that was sent up to here is committed; milliseconds since 1970-01-01T00:00:00Z; nil: nothing is known to be.
    public private(set) var newestMilliseconds: Int64?

    /// No marks yet.
    public init() {}

    /// The mark `milliseconds` is the entry `sequence`.
    public mutating func confirmed(_ milliseconds: Int64, at sequence: UInt64) {
        // Behind another one without anything between them it says the same of more.
        if let last = self.marks.last, last.sequence + 1 == sequence { self.marks.removeLast() }
        self.marks.append(Mark(sequence: sequence, milliseconds: milliseconds))
        guard self.marks.count > Self.countMax else { return }
        var isKept = false
        self.marks.removeAll { _ in
            isKept.toggle()
            return !isKept
        }
    }

    /// Everything up to `sequence` is committed, and where nothing that is to be delivered lies behind it, the marks there as well.
    public mutating func committed(through sequence: UInt64, lastDeliverable: UInt64) {
        let reach = sequence >= lastDeliverable ? UInt64.max : sequence
        while let first = self.marks.first, first.sequence <= reach {
            self.newestMilliseconds = max(first.milliseconds, self.newestMilliseconds ?? first.milliseconds)
            self.marks.removeFirst()
        }
    }
}
