import NIOCore
import Testing

@testable import WebSocketClient

@Suite("Messages behind one that was skipped")
struct SkippedMessageTests {
    private static let limits = FrameLimits(
        maxFrameBytes: 100,
        maxMessageBytes: 150,
        maxFragments: 10,
        unreadablePrefixBytes: 8
    )

    @Test(
        "a message behind one that was skipped is read as if nothing had been (S2.7)",
        arguments: [
            [.text(bytes: [0x61, 0xC3])],  // ends inside a code point
            [.text(bytes: [0x61, 0xC3, 0x28])],
            [.text(bytes: [0xE2, 0x98], final: false), .more([0x20], final: true)],
            [
                .text(bytes: [0xF0, 0x9F], final: false), .ping([1]), .more([0x98], final: false),
                .more([], final: true),
            ],
            [.binary([UInt8](repeating: 1, count: 101))],
            [.text(bytes: [0xC3], final: false), .more([UInt8](repeating: 0xA9, count: 101), final: true)],
            [
                .text(bytes: [UInt8](repeating: 0x20, count: 99) + [0xC3], final: false),
                .more([UInt8](repeating: 0xA9, count: 51), final: true),
            ],
        ] as [[ServerFrame]]
    )
    func nextOne(_ frames: [ServerFrame]) {
        for pieces in [1, 3, Int.max] {
            var assembler = FrameAssembler(limits: Self.limits)
            let bytes = frames.bytes + [ServerFrame.text("é"), .text("a", final: false), .more("☎", final: true)].bytes
            let steps = AssembledSteps(&assembler, bytes, pieces: pieces)
            #expect(steps.violation == nil)
            #expect(steps.texts == ["é", "a☎"])
            let payload = frames.filter { $0.opcode < 8 }.flatMap(\.payload)
            #expect(steps.unreadable.map(\.byteCount) == [payload.count])
            #expect(steps.unreadable.map { Array(buffer: $0.prefix) } == [Array(payload.prefix(8))])
        }
    }
}
