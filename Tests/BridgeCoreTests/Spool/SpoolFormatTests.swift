import Testing

@testable import BridgeCore

@Suite("The spool's format (C2)")
struct SpoolFormatTests {
    private func frame(_ content: SpoolContent, sequence: UInt64 = 77) -> [UInt8] {
        var bytes: [UInt8] = []
        SpoolFrame.append(SpoolEntry(sequence: sequence, content: content), durable: 12, to: &bytes)
        return bytes
    }

    @Test("the checksum is CRC-32C, at every alignment")
    func checksum() {
        let digits = Array("123456789".utf8)
        #expect(CRC32C.checksum(digits, 0..<9) == 0xE306_9283)
        #expect(CRC32C.checksum([], 0..<0) == 0)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32), 0..<32) == 0x8A91_36AA)
        for start in 0..<16 {
            let bytes = [UInt8](repeating: 9, count: start) + digits + [1, 2, 3]
            #expect(CRC32C.checksum(bytes, start..<(start + 9)) == 0xE306_9283)
        }
    }

    @Test("what is written is read back: bytes, ids, ranges, times, notices, losses and marks (C3)")
    func roundTrip() throws {
        for content in SpoolSample.all {
            let bytes = self.frame(content)
            #expect(bytes.count == SpoolFrame.byteCount(of: content))
            guard case .entry(let entry, let end, let durable) = SpoolFrame.read(bytes, at: 0) else {
                Issue.record("not read: \(SpoolSample.text(content))")
                continue
            }
            #expect(SpoolSample.text(entry.content) == SpoolSample.text(content))
            #expect(entry.sequence == 77 && end == bytes.count && durable == 12)
        }
    }

    @Test("every flipped bit and every cut of an entry is noticed")
    func damagedFrames() {
        for content in SpoolSample.all {
            let bytes = self.frame(content)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var flipped = bytes
                    flipped[index] ^= 1 << UInt8(bit)
                    if case .entry = SpoolFrame.read(flipped, at: 0) { Issue.record("byte \(index), bit \(bit)") }
                }
                if case .entry = SpoolFrame.read(Array(bytes[..<index]), at: 0) { Issue.record("cut at \(index)") }
            }
        }
    }

    @Test("bytes that a checksum vouches for, and that are no content, are damage and no trap")
    func wrongContents() {
        var random = SeededGenerator(seed: 5)
        for content in SpoolSample.all {
            let whole = self.frame(content)
            for _ in 0..<300 {
                var bytes = whole
                for _ in 0...Int.random(in: 0..<4, using: &random) {
                    let index = Int.random(in: SpoolFrame.headerByteCount..<bytes.count, using: &random)
                    bytes[index] = UInt8.random(in: 0...255, using: &random)
                }
                var writer = ByteWriter(bytes: bytes)
                writer.patch(CRC32C.checksum(bytes, SpoolFrame.headerByteCount..<bytes.count), at: 20)
                writer.patch(CRC32C.checksum(writer.bytes, 0..<24), at: 24)
                guard case .entry(let entry, _, _) = SpoolFrame.read(writer.bytes, at: 0),
                    case .batch(let batch) = entry.content
                else { continue }
                for event in batch.events {
                    for range in [event.value, event.id, event.name, event.resourceID, event.time] {
                        #expect((range?.end ?? 0) <= batch.bytes.count)
                    }
                }
            }
        }
    }

    @Test("every flipped bit and every cut of a segment's header is noticed, and another version is said")
    func damagedHeaders() {
        let bytes = SpoolSegmentHeader.bytes(first: 12_345)
        #expect(bytes.count == SpoolSegmentHeader.byteCount)
        #expect(SpoolSegmentHeader.read(bytes, first: 12_345) == .whole)
        #expect(SpoolSegmentHeader.read(bytes, first: 12_346) == .damaged)
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << UInt8(bit)
                #expect(SpoolSegmentHeader.read(flipped, first: 12_345) == .damaged)
            }
            #expect(SpoolSegmentHeader.read(Array(bytes[..<index]), first: 12_345) == .damaged)
        }
        let newer = SpoolSegmentHeader.bytes(first: 1, version: 2)
        #expect(SpoolSegmentHeader.read(newer, first: 1) == .version(2))
    }

    @Test("a segment's name says where it begins, and sorts as the entries do")
    func names() {
        let firsts: [UInt64] = [1, 9, 10, 99_999, .max]
        let names = firsts.map(SpoolSegmentHeader.name)
        #expect(names.sorted() == names)
        #expect(names.map(SpoolSegmentHeader.first) == firsts)
        for name in ["1.spool", "cursor", ".lock", names[0] + ".new", "0000000000000000000x.spool"] {
            #expect(SpoolSegmentHeader.first(ofName: name) == nil)
        }
    }

    @Test("a cursor is read back, and every change and cut of it is noticed")
    func cursor() throws {
        for cursor in [
            SpoolCursor(committed: 0, coveredUntilMilliseconds: nil),
            SpoolCursor(committed: .max, coveredUntilMilliseconds: -5),
        ] {
            let bytes = cursor.bytes
            #expect(try SpoolCursor(bytes) == cursor)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var flipped = bytes
                    flipped[index] ^= 1 << UInt8(bit)
                    #expect(throws: SpoolCursor.Defect.damaged) { try SpoolCursor(flipped) }
                }
                #expect(throws: SpoolCursor.Defect.damaged) { try SpoolCursor(Array(bytes[..<index])) }
            }
        }
    }
}
