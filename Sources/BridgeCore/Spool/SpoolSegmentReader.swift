/// Goes through the bytes of one whole segment and says of every entry that belongs there what became of it.
///
/// - A segment ends where the next one begins: what stands behind that was never confirmed, and was written again.
/// - In the last segment, bytes at the end that are no entry are a **torn tail**: the process or the machine stopped while it wrote, and nobody
///   was told that they are durable. They are left out.
/// - Anything else is **damage**: it was confirmed, and cannot be read. Reading goes on at the next whole entry, and what lies between is missing.
///   In the last segment a place counts as damage where a whole entry behind it says that the place was durable.
public struct SpoolSegmentReader {
    /// What stands next.
    public enum Item: Sendable {
        /// An entry, which ends before the byte `end`.
        case entry(SpoolEntry, end: Int)
        /// So many entries from `first` on cannot be read. Reading goes on at the byte `end`.
        case missing(first: UInt64, count: UInt64, end: Int)
        /// The last so many bytes are the beginning of something that was never confirmed.
        case torn(byteCount: Int)
    }

    private let bytes: [UInt8]
    /// The first entry of the next segment; nil: this is the last one.
    private let end: UInt64?
    private var offset: Int
    /// The entry that is to come.
    public private(set) var expected: UInt64

    /// Reads `bytes` from `offset` on, where the entry `expected` is to stand.
    public init(_ bytes: [UInt8], from offset: Int, expected: UInt64, end: UInt64?) {
        self.bytes = bytes
        self.offset = min(offset, bytes.count)
        self.expected = expected
        self.end = end
    }

    /// What stands next; nil at the end of the segment.
    public mutating func next() -> Item? {
        while true {
            if let end = self.end, self.expected >= end { return nil }
            if self.offset == self.bytes.count { return self.missing(to: self.end) }
            let damage = self.offset
            switch SpoolFrame.read(self.bytes, at: self.offset) {
            case .entry(let entry, let end, _):
                if self.isAwaited(entry.sequence) {
                    // The next call finds the same entry again, as the one that is expected.
                    if entry.sequence > self.expected { return self.missing(to: entry.sequence) }
                    self.offset = end
                    self.expected += 1
                    return .entry(entry, end: end)
                }
                // Not what can stand here: skipped, as damage is.
                self.offset = end
            case .damaged(let end):
                guard let next = self.wholeEntry(behind: damage, trying: end) else { return self.nothingFollows() }
                self.offset = next
            case .incomplete:
                guard let next = self.wholeEntry(behind: damage, trying: nil) else { return self.nothingFollows() }
                self.offset = next
            }
        }
    }

    private func isAwaited(_ sequence: UInt64) -> Bool {
        sequence >= self.expected && self.end.map { sequence < $0 } ?? true
    }

    private mutating func missing(to sequence: UInt64?) -> Item? {
        guard let sequence, sequence > self.expected else { return nil }
        defer { self.expected = sequence }
        return .missing(first: self.expected, count: sequence - self.expected, end: self.offset)
    }

    private mutating func nothingFollows() -> Item? {
        let byteCount = self.bytes.count - self.offset
        self.offset = self.bytes.count
        guard self.end == nil else { return self.missing(to: self.end) }
        return .torn(byteCount: byteCount)
    }

    /// Where the next whole entry behind a damaged place begins; nil where there is none, or where nothing proves that the place was durable.
    private func wholeEntry(behind damage: Int, trying hint: Int?) -> Int? {
        var first: Int?
        var offset = hint ?? (damage + 1)
        while offset + SpoolFrame.headerByteCount <= self.bytes.count {
            guard case .entry(let entry, let end, let durable) = SpoolFrame.read(self.bytes, at: offset),
                self.isAwaited(entry.sequence)
            else {
                offset += 1
                continue
            }
            first = first ?? offset
            if self.end != nil || durable > damage { return first }
            offset = end
        }
        return nil
    }
}
