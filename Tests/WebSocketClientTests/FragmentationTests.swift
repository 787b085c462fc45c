import NIOCore
import Testing

@testable import WebSocketClient

@Suite("Fragments at every byte", .timeLimit(.minutes(2)))
struct FragmentationTests {
    private static let limits = FrameLimits(maxFrameBytes: 4096, maxMessageBytes: 4096, maxFragments: 4096)

    /// Code points of one to four bytes: many boundaries lie inside of one.
    private static let text = "{\"events\":[{\"text\":\"Grüße, ☎ 𝄞 \(String(repeating: "aé€😀", count: 20))\"}]}"

    /// The text in frames that end at `cuts`, with a ping behind each but the last.
    private static func frames(_ cuts: [Int]) -> [ServerFrame] {
        let bytes = Array(self.text.utf8)
        let ends = cuts + [bytes.count]
        return zip([0] + cuts, ends).enumerated().flatMap { index, range in
            let piece = Array(bytes[range.0..<range.1])
            let isLast = index == ends.count - 1
            let frame = index == 0 ? ServerFrame.text(bytes: piece, final: isLast) : .more(piece, final: isLast)
            return isLast ? [frame] : [frame, .ping([UInt8(truncatingIfNeeded: index), UInt8(index >> 8)])]
        }
    }

    @Test("a message cut in two at any byte, with a ping in between, is the same (S2.6)", arguments: [1, 5, .max])
    func oneCut(_ pieces: Int) {
        for cut in 0...Self.text.utf8.count {
            var assembler = FrameAssembler(limits: Self.limits)
            let steps = AssembledSteps(&assembler, Self.frames([cut]).bytes, pieces: pieces)
            #expect(steps.texts == [Self.text], "cut at \(cut)")
            #expect(steps.messages.first?.fragmentCount == 2)
            #expect(steps.pings == [[0, 0]])
            #expect(assembler.fragmentedMessageCount == 1)
        }
    }

    @Test(
        "a message of one-byte fragments with a ping between all of them is the same, and each ping is answered (S2.6)"
    )
    func everyCut() async throws {
        let count = Self.text.utf8.count
        let frames = Self.frames(Array(1..<count))
        let (answers, seen) = AsyncStream.makeStream(of: [ClientFrame].self)
        try await RawServer.run { peer in
            try await peer.upgrade(followedBy: frames.bytes + ServerFrame.close(1000).bytes)
            seen.yield(try await peer.readFramesToClose())
        } while: { server in
            let connection = try await server.connect()
            let (events, close) = try await connection.drain()
            let payload = ByteBuffer(string: Self.text)
            #expect(events == [.message(WebSocketMessage(kind: .text, payload: payload, fragmentCount: count))])
            #expect(close == .peerClosed(code: 1000, reason: ""))
            #expect(connection.statistics.fragmentedMessagesReceived == 1)
            let pongs = try #require(await answers.first { _ in true }).dropLast()
            #expect(pongs.map(\.opcode) == [UInt8](repeating: 10, count: count - 1))
            #expect(pongs.map(\.payload) == (0..<count - 1).map { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
        }
    }
}
