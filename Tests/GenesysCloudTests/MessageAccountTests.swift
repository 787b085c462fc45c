import BridgeCore
import NIOCore
import Testing
import WebSocketClient

@testable import GenesysCloud

/// What becomes of a message that cannot be read, in either dialect.
@Suite("Messages that cannot be read")
struct MessageAccountTests {
    private static let text = "12345678901"

    private static func account(_ log: LogRecorder, redaction: Redaction? = nil) -> MessageAccount {
        MessageAccount(
            complaint: "it is no batch",
            peerAddress: "peer:1",
            deadLetterBytesMax: 10,
            redaction: redaction,
            counters: StreamCounters(),
            logger: log.logger
        )
    }

    private static func unreadable(_ account: MessageAccount) -> UnreadableMessage {
        account.unreadable(
            WebSocketMessage(kind: .text, payload: ByteBuffer(string: Self.text), fragmentCount: 2),
            closeCode: .invalidData,
            why: "a defect"
        )
    }

    @Test(
        "are counted and told, and kept up to the dead letters' limit, with the size and the digest of all (S2.6, S2.7)"
    )
    func cut() {
        let log = LogRecorder()
        let account = Self.account(log)
        let message = Self.unreadable(account)
        #expect(message.bytes.string(ByteRange(offset: 0, length: UInt32(message.bytes.count))) == "1234567890")
        #expect(message.byteCount == 11 && message.reason == "a defect" && message.closeCode == 1007)
        #expect(message.sha256 == DeadLetterDigest.sha256(Array(Self.text.utf8)))
        let counts = account.counters.current
        #expect(counts.defectiveMessages == 1 && counts.messages == 0 && counts.bytes == 11)
        #expect(counts.fragmentedMessages == 1)
        #expect(log.lines.count == 1 && log.lines[0].hasPrefix("warning"))
        for part in ["it is no batch: a defect", "peer=peer:1", "bytes=11", "frames=2"] {
            #expect(log.lines[0].contains(part), "\(part) in \(log.lines)")
        }
        #expect(!log.lines[0].contains("123"))
    }

    @Test("are withheld whole where anything of an event is hidden (S2.7)")
    func withheld() throws {
        let redaction = Redaction(
            [try RedactionSamples.rule("a", drop: ["/x"])],
            dialect: .stream,
            key: RedactionSamples.key
        )
        let message = Self.unreadable(Self.account(LogRecorder(), redaction: redaction))
        #expect(message.bytes.count == 0 && message.byteCount == 11)
        #expect(message.sha256 == RedactionSamples.hash(DeadLetterDigest.sha256(Array(Self.text.utf8))))
    }
}
