import BridgeCore
import Locking
import Testing

@testable import KafkaDelivery

@Suite("The last events of a checkpoint (S4.9)")
struct RecentEventIDsTests {
    /// A batch with the events of `ids`; a piece of a message where it has no position.
    private func batch(_ ids: [String], position: String? = nil, endsMessage: Bool, derived: Set<String> = [])
        -> BatchProgress
    {
        var bytes: [UInt8] = []
        let events = ids.map { id in
            let range = ByteRange(offset: UInt32(bytes.count), length: UInt32(id.utf8.count))
            bytes += Array(id.utf8)
            return NotificationEvent(
                value: range,
                id: range,
                idIsDerived: derived.contains(id),
                name: nil,
                resourceID: nil,
                time: nil,
                timeMilliseconds: nil
            )
        }
        return BatchProgress(
            NotificationBatch(
                bytes: MessageBytes(bytes),
                events: events,
                position: position.map { Position(kind: .lastEventId, value: $0) },
                batchID: nil,
                endsMessage: endsMessage
            ),
            of: StreamID(tenant: "acme", stream: "0")
        )
    }

    /// A whole message.
    private func message(_ ids: [String]) -> BatchProgress { self.batch(ids, position: "p", endsMessage: true) }

    private func ids(_ range: Range<Int>) -> [String] { range.map { "id-\($0)" } }

    @Test("the oldest come first, those before the transaction in front, 256 in all")
    func order() {
        let before = self.ids(0..<300)
        let recent = RecentEventIDs.of([self.message(["a", "b"]), self.message(["c"])], before: before)
        #expect(recent == self.ids(47..<300) + ["a", "b", "c"])
        #expect(RecentEventIDs.of([self.message(["c"])], before: []) == ["c"])
        let many = RecentEventIDs.of(
            [self.message(self.ids(0..<200)), self.message(self.ids(200..<300))],
            before: ["old"]
        )
        #expect(many == self.ids(44..<300))
    }

    @Test("the message that carried the position is kept whole, in however many pieces it came")
    func lastMessage() {
        let pieces = [
            self.message(["before"]), self.batch(self.ids(0..<300), endsMessage: false),
            self.batch(self.ids(300..<600), endsMessage: false),
            self.batch(self.ids(600..<700), position: "p", endsMessage: true),
        ]
        #expect(RecentEventIDs.of(pieces, before: ["old"]) == self.ids(0..<700))
    }

    @Test("what is committed behind the position is kept whole, beside the message in front of it (replay-or-acked)")
    func behindThePosition() {
        let batches = [
            self.message(self.ids(0..<300)), self.batch(self.ids(300..<700), endsMessage: false),
            self.batch(["last"], endsMessage: false),
        ]
        #expect(RecentEventIDs.of(batches, before: ["old"]) == self.ids(0..<700) + ["last"])
        // Without a position of its own the transaction adds to what was committed before it.
        let rest = RecentEventIDs.of([self.batch(["more"], endsMessage: false)], before: self.ids(0..<700))
        #expect(rest == self.ids(0..<700) + ["more"])
    }

    @Test("they are bounded in bytes of JSON, whatever they consist of: the oldest are left out (bounded-bytes)")
    func bytes() throws {
        let long = (0..<100).map { "\($0)-" + String(repeating: "\u{1}/\"x", count: 2_000) }
        for batches in [[self.message(long)], [self.message(["x"])], [self.batch(["x"], endsMessage: false)]] {
            let recent = RecentEventIDs.of(batches, before: long)
            let json = try CheckpointJSON.encode(recent)
            #expect(json.count <= RecentEventIDs.bytesMax + 2 && json.count > RecentEventIDs.bytesMax * 4 / 5)
            #expect(
                recent == Array((long + batches[0].events.map { batches[0].bytes.string($0.id) }).suffix(recent.count))
            )
        }
        #expect(RecentEventIDs.of([self.message(long)], before: [], bytesMax: 100).isEmpty)
        #expect(RecentEventIDs.of([self.message(["a", "b", "c"])], before: ["o"], bytesMax: 8) == ["b", "c"])
    }

    @Test("what is left out is not even looked at: a commit waits for this")
    func olderBatches() {
        let batches = Counting((0..<1_000).map { message in self.message((0..<100).map { "\(message)-\($0)" }) })
        #expect(RecentEventIDs.of(batches, before: []).count == 256)
        #expect(batches.reads.withLock(\.self) <= 4)
    }

    /// Counts how many of its elements are asked for.
    private final class Counting: BidirectionalCollection {
        let elements: [BatchProgress]
        let reads = Locked(0)

        init(_ elements: [BatchProgress]) { self.elements = elements }

        var startIndex: Int { self.elements.startIndex }
        var endIndex: Int { self.elements.endIndex }
        func index(after index: Int) -> Int { index + 1 }
        func index(before index: Int) -> Int { index - 1 }
        subscript(position: Int) -> BatchProgress {
            self.reads.withLock { $0 += 1 }
            return self.elements[position]
        }
    }

    @Test("an event without an id of its own is not known by one")
    func derived() {
        let batch = self.batch(["a", "", "d", "b"], position: "p", endsMessage: true, derived: ["d"])
        #expect(RecentEventIDs.of([batch], before: ["o"]) == ["o", "a", "b"])
    }
}
