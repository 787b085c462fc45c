@testable import BridgeCore

/// A spool's segments and entries: whatever stands in them, nothing traps, no range leaves its bytes, every entry of a segment is either
/// read or said to be missing, and what was read is written as the same bytes.
enum SpoolTarget {
    static func run(_ bytes: [UInt8]) {
        var reader = InputReader(bytes)
        let kind = reader.byte()
        let rest = Array(reader.rest)
        switch kind {
        case 0: Self.readSegment(rest)
        case 1: _ = try? SpoolCursor(rest)
        case 2: _ = SpoolSegmentHeader.read(rest, first: 1)
        case _: Self.readBody(rest, kind: kind - 2)
        }
    }

    /// Checksums hide what is behind them from made-up bytes: here they are right.
    private static func readBody(_ body: [UInt8], kind: UInt8) {
        var reader = ByteReader(body, 0..<body.count)
        guard let content = SpoolContent.read(kind: kind, &reader) else { return }
        Self.checkRanges(content)
        precondition(content.kind == kind && content.bodyByteCount <= body.count + 64, "another size")
        var frame: [UInt8] = []
        SpoolFrame.append(SpoolEntry(sequence: 7, content: content), durable: 0, to: &frame)
        precondition(frame.count == SpoolFrame.byteCount(of: content), "a wrong size")
        guard case .entry(let entry, let end, _) = SpoolFrame.read(frame, at: 0) else {
            preconditionFailure("what was written cannot be read")
        }
        precondition(end == frame.count && entry.sequence == 7)
        var again: [UInt8] = []
        SpoolFrame.append(entry, durable: 0, to: &again)
        precondition(again == frame, "written twice, it differs")
        Self.readSegment(frame + body + frame)
    }

    private static func readSegment(_ bytes: [UInt8]) {
        for end in [nil, 9] as [UInt64?] {
            var reader = SpoolSegmentReader(bytes, from: 0, expected: 7, end: end)
            var expected: UInt64 = 7
            while let item = reader.next() {
                switch item {
                case .entry(let entry, _):
                    precondition(entry.sequence == expected, "out of order")
                    Self.checkRanges(entry.content)
                    expected += 1
                case .missing(let first, let count, _):
                    precondition(first == expected && count > 0, "a gap at another place")
                    expected += count
                case .torn(let byteCount): precondition(end == nil && byteCount > 0, "torn in the middle")
                }
            }
            precondition(end == nil || expected == end, "an entry is neither read nor missing")
        }
    }

    private static func checkRanges(_ content: SpoolContent) {
        guard case .batch(let batch) = content else { return }
        for event in batch.events {
            for range in [event.value, event.id, event.name, event.resourceID, event.time] {
                precondition((range?.end ?? 0) <= batch.bytes.count, "a range outside of the bytes")
            }
        }
        if let notice = batch.notice {
            for range in [notice.key, notice.value, notice.id, notice.detail] {
                precondition(range.end <= batch.bytes.count, "a range outside of the bytes")
            }
        }
    }
}
