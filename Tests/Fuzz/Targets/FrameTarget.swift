import NIOCore

@testable import WebSocketClient

/// Frames, with compression and without: however the bytes are cut, they come to the same, and never to more than the limits allow.
enum FrameTarget {
    /// What a step says, without what depends on the cuts.
    private enum Seen: Equatable {
        case message(WebSocketMessage)
        case unreadable(UnreadableWebSocketMessage)
        case ping(ByteBuffer)
        case pong(ByteBuffer)
        case close(PeerClose)
        case violation(FrameViolation)
    }

    static func run(_ bytes: [UInt8]) {
        var reader = InputReader(bytes)
        let flags = reader.byte()
        let seed = reader.byte()
        let limits = FrameLimits(
            maxFrameBytes: flags & 1 == 0 ? 300 : 100_000,
            maxMessageBytes: flags & 2 == 0 ? 500 : 70_000,
            maxFragments: 20,
            unreadablePrefixBytes: flags & 4 == 0 ? nil : Int(flags >> 5) * 40
        )
        let deflate = flags & 8 == 0 ? nil : DeflateAgreement(keepsContext: flags & 16 == 0)
        let whole = Self.assemble([reader.rest], limits, deflate)
        let cut = Self.assemble(reader.pieces(seed: seed), limits, deflate)
        precondition(whole == cut, "cut differently, the bytes mean something else")
    }

    private static func assemble(
        _ pieces: [ArraySlice<UInt8>],
        _ limits: FrameLimits,
        _ deflate: DeflateAgreement?
    ) -> [Seen] {
        var assembler = FrameAssembler(limits: limits, deflate: deflate)
        var seen: [Seen] = []
        for piece in pieces {
            var input = ByteBuffer(bytes: piece)
            feeding: while true {
                let step = assembler.next(&input)
                // Twice the limit is what growing by doubling comes to; a prefix alone is smaller.
                precondition(assembler.heldBytes <= 2 * max(limits.maxMessageBytes, 1024), "it holds too much")
                if case .needMoreBytes = step { break feeding }
                if let last = seen.last { Self.expectOpen(last) }
                seen.append(Self.check(step, limits))
            }
        }
        return seen
    }

    private static func expectOpen(_ last: Seen) {
        switch last {
        case .close, .violation: preconditionFailure("something came after the end")
        case .message, .unreadable, .ping, .pong: break
        }
    }

    private static func check(_ step: FrameAssembler.Step, _ limits: FrameLimits) -> Seen {
        switch step {
        case .needMoreBytes:
            preconditionFailure("not a step")
        case .message(let message, _):
            precondition(message.payload.readableBytes <= limits.maxMessageBytes)
            precondition((1...limits.maxFragments).contains(message.fragmentCount))
            let isText = String(validating: message.payload.readableBytesView, as: UTF8.self) != nil
            precondition(message.kind == .binary || isText, "a text that is not UTF-8")
            return .message(message)
        case .unreadable(let message):
            precondition(message.prefix.readableBytes <= limits.unreadablePrefixBytes ?? -1)
            precondition(message.prefix.readableBytes <= message.byteCount)
            precondition(message.code == .invalidData || message.code == .messageTooBig)
            return .unreadable(message)
        case .ping(let payload):
            precondition(payload.readableBytes <= 125)
            return .ping(payload)
        case .pong(let payload):
            precondition(payload.readableBytes <= 125)
            return .pong(payload)
        case .close(let close):
            precondition(close.reason.utf8.count <= 3 * 123)
            return .close(close)
        case .violation(let violation):
            precondition([1002, 1007, 1009].contains(violation.code))
            return .violation(violation)
        }
    }
}
