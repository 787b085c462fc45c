/// What a process finds of the spool of its predecessor. It never writes to a segment that it found: what it writes begins a new one, and so
/// ends the last one that it found where the torn tail begins.
public struct SpoolRecovery: Hashable, Sendable {
    /// A segment.
    public struct Segment: Hashable, Sendable {
        /// Its first entry.
        public var first: UInt64
        /// Its last entry; the one before `first` where it has none.
        public var last: UInt64
        /// Its size.
        public var byteCount: Int
    }

    /// The segments, the oldest first.
    public private(set) var segments: [Segment] = []
    /// The last entry that is committed, with everything before it; 0: none.
    public private(set) var committed: UInt64
    /// The entry that comes next.
    public private(set) var nextSequence: UInt64
    /// The newest mark; nil: there is none. What came since then and before the new sockets have caught up may be missing: that is a gap.
    public private(set) var coveredUntilMilliseconds: Int64?
    /// Bytes at the end of the last segment that were never confirmed, and are left out.
    public private(set) var tornByteCount = 0
    /// Confirmed entries of the last segment that cannot be read. Those of others show when they are read.
    public private(set) var missingEntries: UInt64 = 0
    /// Whether there was a cursor that cannot be read. Then everything that is there is delivered once more.
    public var cursorWasDamaged = false

    /// What `files` say, whose newest has the content `last`. A cursor is nil where there is none that can be read.
    public init(files: [(first: UInt64, byteCount: Int)], last: [UInt8], cursor: SpoolCursor?) {
        let files = files.sorted { $0.first < $1.first }
        self.committed = cursor?.committed ?? files.first.map { $0.first &- 1 } ?? 0
        self.coveredUntilMilliseconds = cursor?.coveredUntilMilliseconds
        self.nextSequence = self.committed + 1
        for (index, file) in files.enumerated() {
            guard index + 1 < files.count else { break }
            let end = files[index + 1].first
            self.segments.append(Segment(first: file.first, last: end - 1, byteCount: file.byteCount))
        }
        guard let newest = files.last else { return }
        let end = self.scan(last, first: newest.first)
        self.segments.append(Segment(first: newest.first, last: end - 1, byteCount: newest.byteCount))
        self.nextSequence = max(end, self.nextSequence)
    }

    /// Goes through the last segment. Returns the entry behind its last one.
    private mutating func scan(_ bytes: [UInt8], first: UInt64) -> UInt64 {
        var reader = SpoolSegmentReader(bytes, from: SpoolSegmentHeader.byteCount, expected: first, end: nil)
        while let item = reader.next() {
            switch item {
            case .entry(let entry, _): self.note(entry)
            case .missing(_, let count, _): self.missingEntries += count
            case .torn(let byteCount): self.tornByteCount += byteCount
            }
        }
        return reader.expected
    }

    /// Looks for a newer mark in an older segment. Returns whether it has one.
    public mutating func findMark(in bytes: [UInt8], of segment: Segment) -> Bool {
        var reader = SpoolSegmentReader(
            bytes,
            from: SpoolSegmentHeader.byteCount,
            expected: segment.first,
            end: segment.last + 1
        )
        var hasMark = false
        while let item = reader.next() {
            guard case .entry(let entry, _) = item, case .mark = entry.content else { continue }
            self.note(entry)
            hasMark = true
        }
        return hasMark
    }

    private mutating func note(_ entry: SpoolEntry) {
        guard case .mark(let milliseconds) = entry.content else { return }
        self.coveredUntilMilliseconds = max(milliseconds, self.coveredUntilMilliseconds ?? milliseconds)
    }
}
