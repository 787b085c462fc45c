import Testing

@testable import BridgeCore

@Suite("Replay filter: ids that share a hash (S4.9)")
struct ReplayCollisionTests {
    /// An id of two words of eight bytes whose hash is that of (1, 1): its second word makes up for its first.
    private static func id(first: UInt64) -> [UInt8] {
        let wanted = Self.hash(of: 1) ^ 1
        return Self.bytes(first) + Self.bytes(wanted ^ Self.hash(of: first))
    }

    /// What `MessageBytes.hash` has made of one word.
    private static func hash(of word: UInt64) -> UInt64 {
        let hash = (0xCBF2_9CE4_8422_2325 ^ word) &* 0x100_0000_01B3
        return hash ^ (hash >> 29)
    }

    private static func bytes(_ word: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
    }

    /// A message of events with these ids.
    private static func message(_ ids: [[UInt8]], position: String) -> [NotificationBatch] {
        let bytes = MessageBytes(ids.flatMap { $0 })
        let ranges = ids.indices.map { ByteRange(offset: UInt32(16 * $0), length: 16) }
        let hashes = Set(ranges.map { bytes.hash($0) })
        #expect(hashes.count == 1, "the hash is another now: this test needs other ids")
        let events = ranges.map { range in
            NotificationEvent(
                value: range,
                id: range,
                idIsDerived: false,
                name: nil,
                resourceID: nil,
                time: nil,
                timeMilliseconds: nil
            )
        }
        return [
            NotificationBatch(bytes: bytes, events: events, position: p(position), batchID: nil, endsMessage: true)
        ]
    }

    @Test("are told apart by their bytes: no event is dropped for another's, in one message or in several")
    func told() {
        var filter = ReplayFilter(eventCountMax: 100, resumeFrom: nil)
        var first = Self.message([Self.id(first: 1), Self.id(first: 2)], position: "1")
        same(filter.filter(&first), 0)
        var second = Self.message([Self.id(first: 3), Self.id(first: 3)], position: "2")
        same(filter.filter(&second), 1, "the same one twice")
        for n in UInt64(4)...200 {
            var fresh = Self.message([Self.id(first: n)], position: "\(n)")
            same(filter.filter(&fresh), 0)
            same(filter.filter(&fresh), 1)
        }
        filter.retract(keeping: [])
        filter.discard(behind: p("100"))
        var again = Self.message([Self.id(first: 200)], position: "200")
        same(filter.filter(&again), 0)
    }
}
