import BridgeCore
import Testing

@testable import KafkaDelivery

@Suite("Checkpoint document with the last events")
struct CheckpointDocumentTests {
    private let checkpoint = Checkpoint(
        position: Position(kind: .lastEventId, value: "p"),
        batchID: "b",
        eventIDs: ["1", "\"\\/\u{1}", "e\u{301}\u{1F600}", ""]
    )

    private func document(_ checkpoint: Checkpoint?) -> CheckpointDocument {
        CheckpointDocument(checkpoint, committedAt: "2026-01-01T00:00:00.000Z", instance: "i", epoch: 3)
    }

    private func decode(_ text: String) -> CheckpointDocument? {
        CheckpointJSON.decode(CheckpointDocument.self, Array(text.utf8))
    }

    @Test("the ids are read back as they were written, in their order")
    func roundTrip() throws {
        let bytes = try CheckpointJSON.encode(self.document(self.checkpoint))
        let read = try #require(CheckpointJSON.decode(CheckpointDocument.self, bytes))
        #expect(read == self.document(self.checkpoint))
        #expect(try read.checkpoint() == self.checkpoint)
    }

    @Test("a document without ids says nothing of them, and one from before there were any is read as such")
    func without() throws {
        let position = Checkpoint(position: self.checkpoint.position)
        let bytes = try CheckpointJSON.encode(self.document(position))
        #expect(!String(decoding: bytes, as: UTF8.self).contains("eventIds"))
        let old =
            #"{"version":1,"position":"p","positionKind":"lastEventId","committedAt":"t","instance":"i","epoch":1}"#
        #expect(try self.decode(old)?.checkpoint() == position)
    }

    @Test("a position that was taken away leaves no ids behind, and ids of another type are no checkpoint")
    func reset() throws {
        #expect(try self.document(nil).checkpoint() == nil && self.document(nil).eventIds == nil)
        let odd =
            #"{"version":1,"position":"p","positionKind":"lastEventId","committedAt":"t","instance":"i","epoch":1,"eventIds":7}"#
        #expect(self.decode(odd) == nil)
    }
}
