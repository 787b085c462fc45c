import Testing

@testable import BridgeCore

@Suite("Reading a segment (C2)")
struct SpoolSegmentReaderTests {
    private func batches(_ range: Range<Int>) -> [SpoolContent] { range.map { .batch(SpoolSample.batch($0)) } }

    @Test("a whole segment is read whole, and ends where the next one begins")
    func whole() {
        let (bytes, _) = SpoolSample.segment(first: 5, groups: [self.batches(0..<2), self.batches(2..<4)])
        #expect(SpoolSample.read(bytes, first: 5, end: nil) == ["5", "6", "7", "8"])
        #expect(SpoolSample.read(bytes, first: 5, end: 9) == ["5", "6", "7", "8"])
        // What stands behind the next one's beginning was written again there.
        #expect(SpoolSample.read(bytes, first: 5, end: 7) == ["5", "6"])
        #expect(SpoolSample.read(bytes, first: 5, end: 10) == ["5", "6", "7", "8", "missing 9+1"])
    }

    @Test("the last segment, cut at any byte, gives the entries before the cut and a torn tail")
    func cuts() {
        let (bytes, ends) = SpoolSample.segment(first: 5, groups: [self.batches(0..<2), self.batches(2..<4)])
        for length in SpoolSegmentHeader.byteCount..<bytes.count {
            let whole = ends.filter { $0 <= length }
            var expected = whole.indices.map { "\(5 + $0)" }
            let tail = length - (whole.last ?? SpoolSegmentHeader.byteCount)
            if tail > 0 { expected.append("torn \(tail)") }
            #expect(SpoolSample.read(Array(bytes[..<length]), first: 5, end: nil) == expected, "length \(length)")
            // In any other segment the rest was confirmed.
            let missing = "missing \(5 + whole.count)+\(4 - whole.count)"
            let other = SpoolSample.read(Array(bytes[..<length]), first: 5, end: 9)
            #expect(other == whole.indices.map { "\(5 + $0)" } + [missing], "length \(length)")
        }
    }

    @Test("a flipped bit anywhere loses its entry only, and is said; nothing else is lost")
    func flips() {
        let groups = (0..<4).map { self.batches($0..<($0 + 1)) }
        let (bytes, ends) = SpoolSample.segment(first: 5, groups: groups)
        for index in SpoolSegmentHeader.byteCount..<bytes.count {
            var flipped = bytes
            flipped[index] ^= 16
            let hit = ends.firstIndex { index < $0 } ?? 0
            var expected = (5...8).map { "\($0)" }
            expected[hit] = "missing \(5 + hit)+1"
            #expect(SpoolSample.read(flipped, first: 5, end: 9) == expected, "byte \(index)")
            // Of the last group of the last segment nothing proves that it was durable.
            if hit == 3 { expected[hit] = "torn \(ends[3] - ends[2])" }
            #expect(SpoolSample.read(flipped, first: 5, end: nil) == expected, "byte \(index)")
        }
    }

    @Test("in the last group of the last segment a hole is a torn tail, even with whole entries behind it")
    func unorderedWrites() {
        let (bytes, ends) = SpoolSample.segment(first: 5, groups: [self.batches(0..<1), self.batches(1..<4)])
        var holed = bytes
        for index in ends[0]..<ends[1] { holed[index] = 0 }
        #expect(SpoolSample.read(holed, first: 5, end: nil) == ["5", "torn \(bytes.count - ends[0])"])
    }

    @Test("a body that holds what looks like an entry is not read as one while its header is whole")
    func forgedEntry() {
        var forged: [UInt8] = []
        SpoolFrame.append(SpoolEntry(sequence: 6, content: .mark(milliseconds: 1)), durable: 9_999, to: &forged)
        let carrier = NotificationBatch(
            bytes: MessageBytes(forged + forged),
            events: [],
            position: nil,
            batchID: nil,
            endsMessage: true
        )
        var (bytes, ends) = SpoolSample.segment(first: 5, groups: [[.batch(carrier)], self.batches(0..<1)])
        bytes[ends[0] - 1] ^= 1
        #expect(SpoolSample.read(bytes, first: 5, end: nil) == ["missing 5+1", "6"])
    }

    @Test("a segment that is shorter than its header is empty, or all of it is missing")
    func noHeader() {
        #expect(SpoolSample.read([1, 2], first: 5, end: nil) == [])
        #expect(SpoolSample.read([], first: 5, end: 8) == ["missing 5+3"])
    }

    @Test("a restart finds the entries, the newest mark and the torn tail, and counts on behind them")
    func recovery() {
        let older = SpoolSample.segment(first: 1, groups: [[.mark(milliseconds: 50)] + self.batches(0..<2)])
        let last = SpoolSample.segment(first: 4, groups: [self.batches(0..<2)])
        let torn = Array(last.bytes.dropLast(3))
        let cursor = SpoolCursor(committed: 2, coveredUntilMilliseconds: 10)
        let files = [(first: UInt64(4), byteCount: torn.count), (first: UInt64(1), byteCount: older.bytes.count)]
        var recovery = SpoolRecovery(files: files, last: torn, cursor: cursor)
        #expect(recovery.segments.map(\.last) == [3, 4])
        #expect(recovery.nextSequence == 5 && recovery.committed == 2)
        #expect(recovery.tornByteCount == torn.count - last.ends[0])
        #expect(recovery.coveredUntilMilliseconds == 10)
        let segment = recovery.segments[0]
        same(recovery.findMark(in: older.bytes, of: segment), true)
        #expect(recovery.coveredUntilMilliseconds == 50)
        // Without a cursor everything that is there is to be delivered.
        let lost = SpoolRecovery(files: files, last: torn, cursor: nil)
        #expect(lost.committed == 0 && lost.nextSequence == 5)
        // A place that was committed is never given again.
        let ahead = SpoolRecovery(files: files, last: torn, cursor: .init(committed: 9, coveredUntilMilliseconds: nil))
        #expect(ahead.nextSequence == 10)
        let empty = SpoolRecovery(files: [], last: [], cursor: nil)
        #expect(empty.nextSequence == 1 && empty.committed == 0 && empty.segments == [])
    }
}
