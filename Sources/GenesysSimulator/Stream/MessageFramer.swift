import NIOCore
import NIOWebSocket

/// Makes the frames of a message (RFC 6455 section 5), undamaged or not.
struct MessageFramer {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func ping() -> WebSocketFrame {
        WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer(integer: self.generator.next()))
    }

    /// - Parameter message: a batch as JSON.
    mutating func frames(of message: consuming ByteBuffer, treatment: MessageTreatment) -> [WebSocketFrame] {
        var message = message
        switch treatment {
        case .whole: break
        case .fragmented: return self.fragments(of: message)
        case .notJSON: message.setInteger(UInt8(ascii: ","), at: message.writerIndex - 1)
        case .notUTF8:
            message.setInteger(UInt8(0xFF), at: message.readerIndex + EventWriter.batchIdentifierOffset)
        case .oversized(let bytes):
            let missing = bytes - message.readableBytes
            message.moveWriterIndex(to: message.writerIndex - 1)
            message.writeStaticString(#","filler":""#)
            message.writeRepeatingByte(UInt8(ascii: "x"), count: max(0, missing))
            message.writeStaticString(#""}"#)
        }
        return [WebSocketFrame(fin: true, opcode: .text, data: message)]
    }

    private mutating func fragments(of message: ByteBuffer) -> [WebSocketFrame] {
        let plan = FragmentationPlan(message: message.readableBytesView, generator: &self.generator)
        var rest = message
        var frames: [WebSocketFrame] = []
        for (index, byteCount) in plan.fragmentByteCounts.enumerated() {
            guard let data = rest.readSlice(length: byteCount) else { break }
            let isLast = index == plan.fragmentByteCounts.count - 1
            frames.append(WebSocketFrame(fin: isLast, opcode: index == 0 ? .text : .continuation, data: data))
            let pingCount = isLast ? 0 : plan.pingCounts[index]
            for _ in 0..<pingCount { frames.append(self.ping()) }
        }
        return frames
    }
}
