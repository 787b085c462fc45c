import BridgeCore
import BridgeRuntime
import Foundation
import GenesysCloud
import Testing

@testable import genesys_kafka_bridge

/// A position on its whole way: out of a message, into a checkpoint, out of it in the next process, into a URL, and out of
/// that at the server.
@Suite("The way of a position")
struct PositionChainTests {
    private static let settings = StreamSettings(maxURLBytes: 65_536)
    private static let stream = StreamID(tenant: "acme", stream: "0")

    /// The text that a message's JSON string `json` stands for.
    private static func received(_ json: String, field: String) throws -> Position {
        var splitter = BatchSplitter(maxEventsPerBatch: 10, maxBatchBytes: 1000)
        let message = Array("{\"\(field)\":\(json)}".utf8)
        return try #require(try splitter.split(message.span).last?.position)
    }

    /// What a server reads from the URL of an upgrade behind `position`.
    private static func sent(_ position: Position) throws -> (name: String, bytes: [UInt8]) {
        let url = StreamURL(
            endpoint: .init(isSecure: true, host: "api.mypurecloud.com", port: 443),
            token: Secret("t"),
            subscriptions: [],
            settings: Self.settings,
            position: position
        )
        let last = try #require(url.requestTarget.revealed.split(separator: "&").last)
        let parts = last.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        var rest = parts[1].utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = try #require(String(rest.prefix(2)))
            bytes.append(try #require(UInt8(digits, radix: 16)))
            rest = rest.dropFirst(2)
        }
        return (String(parts[0]), bytes)
    }

    /// What stands in a message, and the text that it stands for.
    private static let positions: [(json: String, text: String)] = [
        (#""plain""#, "plain"), (#""\"q\" \\ \/""#, "\"q\" \\ /"), (#""\u0000a\u0000""#, "\u{0}a\u{0}"),
        (#""\u0001\b\f\n\r\t\u001f""#, "\u{1}\u{8}\u{C}\n\r\t\u{1F}"),
        ("\"\u{7F}\u{85}\u{2028}\"", "\u{7F}\u{85}\u{2028}"), ("\"ä名😀\"", "ä名😀"), (#""\ud83d\ude00""#, "😀"),
        ("\"e\u{301} \u{E9}\"", "e\u{301} \u{E9}"),
        // No UTF-8 stands for half a pair: the replacement character does, and comes back as that.
        (#""a\ud800b""#, "a\u{FFFD}b"), (#""\udc00\ud800""#, "\u{FFFD}\u{FFFD}"),
        (#""a+b/c=d&e%2B:?#[]@!$'()*,;""#, "a+b/c=d&e%2B:?#[]@!$'()*,;"), ("\"\u{FEFF}\u{FFFF}\"", "\u{FEFF}\u{FFFF}"),
        ("\"\(String(repeating: "x/", count: 2048))\"", String(repeating: "x/", count: 2048)),
        ("\"\(String(repeating: "😀", count: 1024))\"", String(repeating: "😀", count: 1024)),
    ]

    @Test(
        "what a server sends comes back to it from a checkpoint, byte for byte, whatever it is (S2.2)",
        arguments: Self.positions.indices
    )
    func chain(index: Int) async throws {
        let (json, text) = Self.positions[index]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("positions-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for field in ["lastEventId", "timestamp"] {
            let received = try Self.received(json, field: field)
            let store = try FileCheckpointStore(directory: folder.path, instance: "a", wallMilliseconds: { 0 })
            try await store.commit(Checkpoint(position: received), of: Self.stream)
            store.close()
            let next = try FileCheckpointStore(directory: folder.path, instance: "b", wallMilliseconds: { 0 })
            let stored = try #require(try await next.load(Self.stream)).position
            next.close()
            let sent = try Self.sent(stored)
            #expect(sent.name == field)
            #expect(sent.bytes == Array(text.utf8))
        }
    }
}
