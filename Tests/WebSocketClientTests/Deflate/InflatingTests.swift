import NIOCore
import Testing

@testable import WebSocketClient

@Suite("Compressed messages", .timeLimit(.minutes(2)))
struct InflatingTests {
    private static func assembler(
        keepsContext: Bool = true,
        maxMessageBytes: Int = 1 << 20,
        unreadablePrefixBytes: Int? = nil
    ) -> FrameAssembler {
        FrameAssembler(
            limits: FrameLimits(
                maxFrameBytes: 1 << 20,
                maxMessageBytes: maxMessageBytes,
                maxFragments: 10_000,
                unreadablePrefixBytes: unreadablePrefixBytes
            ),
            deflate: DeflateAgreement(keepsContext: keepsContext)
        )
    }

    private static func compressed(_ payload: [UInt8], opcode: UInt8 = 1, final: Bool = true) -> ServerFrame {
        ServerFrame(opcode: opcode, payload: payload, isFinal: final, reserved: 4)
    }

    /// The payload in frames that end at `cuts`, with a ping behind each but the last.
    private static func fragmented(_ payload: [UInt8], at cuts: [Int]) -> [ServerFrame] {
        var frames: [ServerFrame] = []
        for (start, end) in zip([0] + cuts, cuts + [payload.count]) {
            let piece = Array(payload[start..<end])
            let isLast = end == payload.count && start == (cuts.last ?? 0)
            frames.append(
                start == 0 && frames.isEmpty ? Self.compressed(piece, final: isLast) : .more(piece, final: isLast)
            )
            if !isLast { frames.append(.ping([UInt8(truncatingIfNeeded: end)])) }
        }
        return frames
    }

    // MARK: Decompressing

    @Test("the examples of RFC 7692 section 7.2.3")
    func examples() {
        let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]
        var assembler = Self.assembler()
        let steps = AssembledSteps(
            &assembler,
            [
                Self.compressed(hello),
                Self.compressed([0xF2, 0x00, 0x11, 0x00, 0x00]),  // refers to the first
                Self.compressed([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]),  // stored
                Self.compressed([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]),  // a last block
                Self.compressed([0xF2, 0x00, 0x11, 0x00, 0x00]),  // refers behind the last block
                // Two blocks.
                Self.compressed([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]),
                Self.compressed(Array(hello.prefix(3)), final: false), .more(Array(hello.dropFirst(3)), final: true),
                .text("Hello"),  // not compressed
            ].bytes
        )
        #expect(steps.violation == nil)
        #expect(steps.texts == [String](repeating: "Hello", count: 8))
    }

    @Test(
        "messages refer to those before them, also across one that is not compressed",
        arguments: [1, 2, 7, 61, .max]
    )
    func context(_ pieces: Int) {
        var assembler = Self.assembler()
        let steps = AssembledSteps(
            &assembler,
            [
                Self.compressed(DeflateVectors.batch0), .text("plain"), Self.compressed(DeflateVectors.batch1),
                Self.compressed(DeflateVectors.batch2),
            ].bytes,
            pieces: pieces
        )
        #expect(steps.violation == nil)
        #expect(
            steps.texts == [
                DeflateVectors.batch(0), "plain", DeflateVectors.batch(1), DeflateVectors.batch(2),
            ]
        )
    }

    @Test("where no context was agreed, a message stands alone, and one that refers to another is not DEFLATE")
    func noContext() {
        var assembler = Self.assembler(keepsContext: false)
        let frames = [Self.compressed(DeflateVectors.batch0), Self.compressed(DeflateVectors.smallWindow)]
        let steps = AssembledSteps(&assembler, frames.bytes)
        #expect(steps.texts == [DeflateVectors.batch(0), DeflateVectors.batch(0)])
        #expect(steps.violation == nil)
        let reference = AssembledSteps(&assembler, Self.compressed(DeflateVectors.batch1).bytes)
        #expect(reference.violation == .invalidData("a compressed message that is not DEFLATE"))
    }

    @Test("fragmented at every byte, with a ping in between, a message is the same (S2.6)")
    func everyBoundary() {
        let payload = DeflateVectors.batch0
        for cut in 0...payload.count {
            var assembler = Self.assembler()
            let frames = Self.fragmented(payload, at: [cut])
            let steps = AssembledSteps(&assembler, frames.bytes)
            #expect(steps.texts == [DeflateVectors.batch(0)], "cut at \(cut)")
            #expect(steps.messages.first?.fragmentCount == 2)
            #expect(steps.pings == [[UInt8(truncatingIfNeeded: cut)]])
        }
        var assembler = Self.assembler()
        let bytes = Self.fragmented(payload, at: Array(1..<payload.count)).bytes
        let steps = AssembledSteps(&assembler, bytes, pieces: 1)
        #expect(steps.texts == [DeflateVectors.batch(0)])
        #expect(steps.messages.first?.fragmentCount == payload.count)
        #expect(steps.pings.count == payload.count - 1)
    }

    @Test("an empty message is empty, in every way of writing it, and leaves the next one alone")
    func empty() {
        let ways: [[UInt8]] = [
            [0x00], [0x02, 0x00], [], [0x03, 0x00], [0x03, 0x00, 0x00], [0x01, 0, 0, 0xFF, 0xFF, 0x00],
        ]
        for way in ways {
            var assembler = Self.assembler()
            let frames = [
                Self.compressed(way), Self.compressed(DeflateVectors.batch0), Self.compressed(way, opcode: 2),
            ]
            let steps = AssembledSteps(&assembler, (frames + [Self.compressed(DeflateVectors.batch1)]).bytes)
            #expect(steps.violation == nil, "\(way)")
            #expect(steps.texts == ["", DeflateVectors.batch(0), "", DeflateVectors.batch(1)], "\(way)")
        }
    }

    // MARK: What is refused

    @Test("text is UTF-8 after decompression, and binary need not be")
    func text() {
        for (vector, reason) in [
            (DeflateVectors.notText, "a text message that is not UTF-8"),
            (DeflateVectors.halfText, "a text message that ends inside a code point"),
        ] {
            var assembler = Self.assembler()
            #expect(AssembledSteps(&assembler, Self.compressed(vector).bytes).violation == .invalidData(reason))
            var other = Self.assembler()
            let steps = AssembledSteps(&other, Self.compressed(vector, opcode: 2).bytes)
            #expect(steps.violation == nil)
            #expect(steps.messages.count == 1)
        }
    }

    @Test("text that is not UTF-8 is skipped where that was asked for, and later messages may refer to it (S2.7)")
    func skippedText() {
        var assembler = Self.assembler(unreadablePrefixBytes: 4)
        let frames = [Self.compressed(DeflateVectors.batch0), Self.compressed(DeflateVectors.notText)]
        let steps = AssembledSteps(&assembler, frames.bytes, pieces: 1)
        #expect(steps.texts == [DeflateVectors.batch(0)])
        #expect(steps.unreadable.map(\.byteCount) == [5])
        #expect(steps.unreadable.map { Array(buffer: $0.prefix) } == [[0x61, 0x62, 0x63, 0xC3]])
        #expect(steps.unreadable.map(\.code) == [.invalidData])
    }

    @Test(
        "what is not DEFLATE, or ends inside a block, fails the connection with 1007",
        arguments: [
            ([0x07], "is not DEFLATE"),  // a block of the reserved type
            ([0x00, 0x05, 0x00, 0x00, 0x00], "is not DEFLATE"),  // a stored block whose length does not match
            ([0x02, 0x11, 0x00], "is not DEFLATE"),  // refers to before the beginning
            ([0x00, 0x09, 0x00, 0xF6, 0xFF, 0x48, 0x65], "ends inside a DEFLATE block"),
            ([0x00, 0x00], "is not DEFLATE"),
            ([0xF2, 0x48, 0xCD], "ends inside a DEFLATE block"),
        ] as [([UInt8], String)]
    )
    func corrupt(_ payload: [UInt8], _ predicate: String) {
        for prefixBytes in [nil, 100] {
            for size in [1, Int.max] {
                var assembler = Self.assembler(unreadablePrefixBytes: prefixBytes)
                let steps = AssembledSteps(&assembler, Self.compressed(payload, opcode: 2).bytes, pieces: size)
                #expect(steps.violation?.code == 1007)
                #expect(steps.violation?.reason == "a compressed message that \(predicate)")
                #expect(steps.messages.isEmpty && steps.unreadable.isEmpty)
            }
        }
    }

    @Test("what comes before corrupt data is judged first, however it was read", arguments: [1, .max])
    func corruptBehindText(_ pieces: Int) {
        // A stored block with a byte that is no text, and then a block of the reserved type.
        let payload: [UInt8] = [0x00, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x07]
        var assembler = Self.assembler()
        let steps = AssembledSteps(&assembler, Self.compressed(payload).bytes, pieces: pieces)
        #expect(steps.violation == .invalidData("a text message that is not UTF-8"))
    }

    @Test(
        "only the first frame of a data message says that it is compressed (RFC 7692 section 6.1)",
        arguments: [
            [compressed([0x00], final: false), ServerFrame(opcode: 0, payload: [0x00], reserved: 4)],
            [.text("a", final: false), ServerFrame(opcode: 0, payload: [0x00], reserved: 4)],
            [ServerFrame(opcode: 8, reserved: 4)], [ServerFrame(opcode: 9, reserved: 4)],
            [ServerFrame(opcode: 10, reserved: 4)], [ServerFrame(opcode: 1, reserved: 2)],
            [ServerFrame(opcode: 1, reserved: 5)], [ServerFrame(opcode: 1, reserved: 6)],
        ]
    )
    func reserved(_ frames: [ServerFrame]) {
        var assembler = Self.assembler()
        let steps = AssembledSteps(&assembler, frames.bytes)
        #expect(steps.violation?.code == 1002)
        #expect(steps.messages.isEmpty)
    }

    // MARK: Too much

    /// So many mebibytes of spaces in about so many kilobytes.
    private static func bomb(_ mebibytes: Int) -> [UInt8] {
        Array([[UInt8]](repeating: DeflateVectors.mebibyte, count: mebibytes).joined(separator: DeflateVectors.flush))
    }

    @Test("a message of exactly the limit passes, one byte more is too large (S2.7)")
    func limit() {
        for (limit, passes) in [(1 << 20, true), (1 << 20 - 1, false)] {
            var assembler = Self.assembler(maxMessageBytes: limit)
            let steps = AssembledSteps(&assembler, Self.compressed(DeflateVectors.mebibyte).bytes)
            #expect(steps.messages.map(\.payload.readableBytes) == (passes ? [1 << 20] : []))
            #expect(steps.violation == (passes ? nil : .tooBig("a message of more than \(limit) bytes")))
        }
    }

    @Test("a bomb ends in 1009 before it takes up memory (S2.7)", arguments: [1, 100, .max])
    func bomb(_ pieces: Int) {
        var assembler = Self.assembler(maxMessageBytes: 300_000)
        let steps = AssembledSteps(&assembler, Self.compressed(Self.bomb(500)).bytes, pieces: pieces)
        #expect(steps.violation == .tooBig("a message of more than 300000 bytes"))
        #expect(steps.heldBytesMax <= 1 << 19)
    }

    @Test("a message above the limit is skipped where that was asked for, and later ones may refer to it (S2.7)")
    func skippedBomb() {
        var assembler = Self.assembler(maxMessageBytes: 1 << 20, unreadablePrefixBytes: 1000)
        let frames = [Self.compressed(DeflateVectors.batch0), Self.compressed(Self.bomb(3))]
        // The window now holds spaces only: this refers to them.
        let reference = Self.compressed([0x02, 0x11, 0x00, 0x00])
        let steps = AssembledSteps(&assembler, (frames + [reference]).bytes, pieces: 100)
        #expect(steps.violation == nil)
        #expect(steps.unreadable.map(\.byteCount) == [3 << 20])
        #expect(
            steps.unreadable.map(\.sha256) == ["6a3cfdf3ce3887c663d9474e0833b92190a4285f45b3358068cbdfd1f91a8ec7"]
        )
        #expect(steps.unreadable.map { String(buffer: $0.prefix) } == [String(repeating: " ", count: 1000)])
        #expect(steps.unreadable.map(\.code) == [.messageTooBig])
        #expect(steps.texts.count == 2)
        #expect(steps.texts.last?.isEmpty == false && steps.texts.last?.allSatisfy { $0 == " " } == true)
    }

    @Test("what goes on beyond four times the limit is not skipped, for that would cost the processor (S2.7)")
    func endlessBomb() {
        var assembler = Self.assembler(maxMessageBytes: 1 << 20, unreadablePrefixBytes: 1000)
        let four = AssembledSteps(&assembler, Self.compressed(Self.bomb(4)).bytes)
        #expect(four.unreadable.map(\.byteCount) == [4 << 20])
        let five = AssembledSteps(&assembler, Self.compressed(Self.bomb(5)).bytes)
        #expect(five.violation == .tooBig("a message of more than 1048576 bytes"))
        #expect(five.unreadable.isEmpty)
    }
}
