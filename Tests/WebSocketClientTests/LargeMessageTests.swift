import NIOCore
import Testing

@testable import WebSocketClient

/// What the assembler holds, not what the process does: that is for the allocator to say.
@Suite("A message of 64 MiB", .timeLimit(.minutes(2)))
struct LargeMessageTests {
    private static let mebibyte = ByteBuffer(repeating: UInt8(ascii: " "), count: 1 << 20)
    private static let sha256 = "95468d2747833138713c471cc8fde9f4813857008f38b0e6822c6138121a96a7"

    private static func assembler(maxMessageBytes: Int, unreadablePrefixBytes: Int?) -> FrameAssembler {
        FrameAssembler(
            limits: FrameLimits(
                maxFrameBytes: maxMessageBytes,
                maxMessageBytes: maxMessageBytes,
                maxFragments: 1000,
                unreadablePrefixBytes: unreadablePrefixBytes
            )
        )
    }

    /// The frame's header and no payload.
    private static func header(opcode: UInt8, byteCount: Int, final: Bool = true) -> ByteBuffer {
        ByteBuffer(bytes: ServerFrame(opcode: opcode, isFinal: final, length: .announced(UInt64(byteCount))).bytes)
    }

    private static func feedFragments(_ steps: inout AssembledSteps, to assembler: inout FrameAssembler, opcode: UInt8)
    {
        for index in 0..<64 {
            let opcode = index == 0 ? opcode : 0
            steps.feed(Self.header(opcode: opcode, byteCount: 1 << 20, final: index == 63), to: &assembler)
            steps.feed(Self.mebibyte, to: &assembler)
        }
    }

    @Test("in one frame above the limit, only the prefix is held, and all of it is hashed and counted (S2.7)")
    func skippedFrame() {
        var assembler = Self.assembler(maxMessageBytes: 1 << 20, unreadablePrefixBytes: 1000)
        var steps = AssembledSteps()
        steps.feed(Self.header(opcode: 1, byteCount: 64 << 20), to: &assembler)
        for _ in 0..<64 { steps.feed(Self.mebibyte, to: &assembler) }
        #expect(steps.heldBytesMax <= 2048)
        Self.expectSkipped(steps)
    }

    @Test("in frames that come to more than the limit, what was held before is let go (S2.7)")
    func skippedFragments() {
        var assembler = Self.assembler(maxMessageBytes: 4 << 20, unreadablePrefixBytes: 1000)
        var steps = AssembledSteps()
        for index in 0..<4 {
            steps.feed(Self.header(opcode: index == 0 ? 2 : 0, byteCount: 1 << 20, final: false), to: &assembler)
            steps.feed(Self.mebibyte, to: &assembler)
        }
        #expect((4 << 20...8 << 20).contains(assembler.heldBytes))
        for index in 4..<64 {
            steps.feed(Self.header(opcode: 0, byteCount: 1 << 20, final: index == 63), to: &assembler)
            #expect(assembler.heldBytes <= 2048)
            steps.feed(Self.mebibyte, to: &assembler)
        }
        #expect(assembler.heldBytes == 0)
        Self.expectSkipped(steps)
    }

    private static func expectSkipped(_ steps: AssembledSteps) {
        #expect(steps.violation == nil && steps.messages.isEmpty)
        #expect(steps.unreadable.map(\.byteCount) == [64 << 20])
        #expect(steps.unreadable.map(\.sha256) == [Self.sha256])
        #expect(steps.unreadable.map(\.prefix) == [ByteBuffer(repeating: UInt8(ascii: " "), count: 1000)])
        #expect(steps.unreadable.allSatisfy { $0.prefix.storageCapacity <= 2048 })
        #expect(steps.unreadable.map(\.code) == [.messageTooBig])
    }

    @Test("a text that turns out not to be UTF-8 at its last byte does not live on behind its prefix (S2.7)")
    func lateInvalid() {
        var assembler = Self.assembler(maxMessageBytes: 4 << 20, unreadablePrefixBytes: 1000)
        var steps = AssembledSteps()
        steps.feed(Self.header(opcode: 1, byteCount: 4 << 20), to: &assembler)
        for _ in 0..<3 { steps.feed(Self.mebibyte, to: &assembler) }
        var last = Self.mebibyte
        last.setInteger(UInt8(0xFF), at: last.writerIndex - 1)
        steps.feed(last, to: &assembler)
        #expect(steps.unreadable.map(\.byteCount) == [4 << 20])
        #expect(steps.unreadable.map(\.sha256) == ["3a5696c944388bc26dae3021558f0d72b119816fa79353f037b41b2908751a9c"])
        #expect(steps.unreadable.allSatisfy { $0.prefix.storageCapacity <= 2048 })
        #expect(steps.unreadable.map(\.code) == [.invalidData])
    }

    @Test("within the limit, it is held once, in one frame or in many (S2.6)")
    func delivered() {
        for isFragmented in [false, true] {
            var assembler = Self.assembler(maxMessageBytes: 64 << 20, unreadablePrefixBytes: 1000)
            var steps = AssembledSteps()
            if isFragmented {
                Self.feedFragments(&steps, to: &assembler, opcode: 2)
            } else {
                steps.feed(Self.header(opcode: 2, byteCount: 64 << 20), to: &assembler)
                for _ in 0..<64 { steps.feed(Self.mebibyte, to: &assembler) }
            }
            #expect(steps.violation == nil)
            #expect(steps.messages.map(\.payload.readableBytes) == [64 << 20])
            #expect(steps.messages.map(\.fragmentCount) == [isFragmented ? 64 : 1])
            #expect(steps.heldBytesMax <= 64 << 20)
            #expect(steps.messages.allSatisfy { $0.payload.storageCapacity <= 64 << 20 })
            #expect(assembler.heldBytes == 0)
        }
    }

    @Test("what a frame header announces is not reserved on its word alone")
    func announced() {
        var assembler = Self.assembler(maxMessageBytes: 64 << 20, unreadablePrefixBytes: nil)
        var steps = AssembledSteps()
        steps.feed(Self.header(opcode: 2, byteCount: 64 << 20), to: &assembler)
        steps.feed(ByteBuffer(bytes: [1]), to: &assembler)
        #expect((1...2 << 20).contains(assembler.heldBytes))
    }
}
