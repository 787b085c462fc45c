import BridgeCore
import Foundation
import Testing

@testable import BridgeRuntime

@Suite("File checkpoint store")
struct FileCheckpointStoreTests {
    private static let stream = StreamID(tenant: "acme", stream: "0")

    /// A folder of this test's own, removed afterwards.
    private func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "checkpoints-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private func open(
        _ folder: String,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) throws(CheckpointStoreError) -> FileCheckpointStore {
        try FileCheckpointStore(directory: folder, instance: "test", wallMilliseconds: { 0 }, crashPoint: crashPoint)
    }

    private func checkpoint(_ value: String, kind: Position.Kind = .lastEventId) -> Checkpoint {
        Checkpoint(position: Position(kind: kind, value: value), batchID: "b-1")
    }

    @Test("what was committed is read back, whatever the position contains (S2.2)")
    func roundTrip() async throws {
        try await self.inFolder { folder in
            let store = try self.open(folder)
            #expect(try await store.load(Self.stream) == nil)
            let odd = [
                "plain", "\"quotes\" \\ + / = & é \u{1F600} \n", "\u{0}", "a\u{0}b", "\u{1}\u{1F}\u{7F}\u{85}\u{2028}",
                "e\u{301}", "\u{E9}", "\u{FFFD}\u{FFFF}\u{FEFF}", "", String(repeating: "x", count: 10_000),
            ]
            for value in odd {
                for kind in Position.Kind.allCases {
                    try await store.commit(self.checkpoint(value, kind: kind), of: Self.stream)
                    #expect(try await store.load(Self.stream) == self.checkpoint(value, kind: kind))
                }
            }
            store.close()
            let reopened = try self.open(folder)
            #expect(try await reopened.load(Self.stream)?.position.value.count == 10_000)
        }
    }

    @Test("streams do not share a file, however their names are spelled")
    func streamsApart() async throws {
        try await self.inFolder { folder in
            let store = try self.open(folder)
            let streams = [("a", "b/c"), ("a/b", "c"), ("A", "b"), ("../a", "b"), ("ä", "%2F")].map(StreamID.init)
            for (index, stream) in streams.enumerated() {
                try await store.commit(self.checkpoint("\(index)"), of: stream)
            }
            // "a" + "b/c" and "a/b" + "c" have one description; the content tells them apart.
            for (index, stream) in streams.enumerated().dropFirst() {
                #expect(try await store.load(stream)?.position.value == "\(index)")
            }
            await #expect(throws: CheckpointStoreError.self) { try await store.load(streams[0]) }
            #expect(!FileManager.default.fileExists(atPath: folder + "/../a"))
        }
    }

    @Test("a torn file, at every length, is an error that names the file and the way out, never a start from nothing")
    func torn() async throws {
        try await self.inFolder { folder in
            let store = try self.open(folder)
            try await store.commit(self.checkpoint("p"), of: Self.stream)
            let path = store.path(of: Self.stream)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for length in 0..<whole.count {
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                let error = await #expect(throws: CheckpointStoreError.self, "length \(length)") {
                    try await store.load(Self.stream)
                }
                #expect(error?.kind == .unreadable)
                #expect(error?.description.contains(path) == true)
                #expect(error?.description.contains("remove it") == true)
            }
        }
    }

    @Test("a flipped bit is found")
    func flippedBits() async throws {
        try await self.inFolder { folder in
            let store = try self.open(folder)
            try await store.commit(self.checkpoint("position"), of: Self.stream)
            let path = store.path(of: Self.stream)
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for index in whole.indices {
                var flipped = whole
                flipped[index] ^= 1
                try flipped.write(to: URL(fileURLWithPath: path))
                await #expect(throws: CheckpointStoreError.self, "byte \(index)") { try await store.load(Self.stream) }
            }
        }
    }

    @Test("a file of a newer version says so")
    func newerVersion() async throws {
        try await self.inFolder { folder in
            let store = try self.open(folder)
            var file = CheckpointFile(
                tenant: "acme",
                stream: "0",
                position: "p",
                positionKind: "lastEventId",
                batchId: nil,
                committedAt: "",
                instance: ""
            )
            file.version = 2
            try Data(try file.encoded()).write(to: URL(fileURLWithPath: store.path(of: Self.stream)))
            let error = await #expect(throws: CheckpointStoreError.self) { try await store.load(Self.stream) }
            #expect(error?.description.contains("version 2") == true)
        }
    }

    @Test("a second instance is refused while the first lives (one-owner)")
    func locked() async throws {
        try await self.inFolder { folder in
            let first = try self.open(folder)
            let error = #expect(throws: CheckpointStoreError.self) { _ = try self.open(folder) }
            #expect(error?.kind == .locked)
            first.close()
            _ = try self.open(folder)
        }
    }

    @Test("a folder that cannot be made is a start-up error that names it")
    func unwritable() async throws {
        try await self.inFolder { folder in
            try Data().write(to: URL(fileURLWithPath: folder))
            let error = #expect(throws: CheckpointStoreError.self) { _ = try self.open(folder + "/below") }
            #expect(error?.kind == .unavailable)
            #expect(error?.description.contains(folder + "/below") == true)
            try FileManager.default.removeItem(atPath: folder)
        }
    }

    @Test("between the write and the rename, the old position stands; after the rename, the new one")
    func crashPoints() async throws {
        try await self.inFolder { folder in
            let seen = Seen()
            let store = try self.open(folder) { point in
                let path = folder + "/acme%2F0.json"
                let content = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                seen.note(point, hasNew: content.contains("\"new\""))
            }
            try await store.commit(self.checkpoint("old"), of: Self.stream)
            try await store.commit(self.checkpoint("new"), of: Self.stream)
            #expect(
                seen.notes.suffix(2).map { "\($0.0.rawValue) \($0.1)" } == [
                    "afterCheckpointWriteBeforeRename false", "afterCheckpointRenameBeforeSync true",
                ]
            )
        }
    }
}
