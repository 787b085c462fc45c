import NIOCore
import NIOWebSocket

/// Makes the frames of a message (RFC 6455 section 5), undamaged or not.
struct MessageFramer {
    /// No fault makes a message longer than this.
    private static let messageByteCountMax = 256 << 20
    /// RFC 6455 section 5.5.
    private static let controlByteCountMax = 125

    private var generator: SeededGenerator

    init(seed: UInt64) {
        self.generator = SeededGenerator(seed: seed)
    }

    /// A ping whose payload no other ping has, as long as it has eight bytes.
    mutating func ping(byteCount: Int = 8) -> WebSocketFrame {
        var payload = ByteBuffer()
        while payload.readableBytes < byteCount { payload.writeInteger(self.generator.next()) }
        let length = max(0, min(byteCount, Self.controlByteCountMax))
        return WebSocketFrame(fin: true, opcode: .ping, data: payload.readSlice(length: length) ?? ByteBuffer())
    }

    /// - Parameter message: a batch as JSON.
    mutating func frames(of message: consuming ByteBuffer, treatment: MessageTreatment) -> [WebSocketFrame] {
        var message = message
        switch treatment {
        case .whole: break
        case .fragmented: return self.fragments(of: message)
        case .damaged(.invalidJSON): message.setInteger(UInt8(ascii: ","), at: message.writerIndex - 1)
        case .damaged(.invalidUTF8):
            message.setInteger(UInt8(0xFF), at: message.readerIndex + EventWriter.batchIdentifierOffset)
        case .damaged(.oversized(let bytes)):
            let missing = min(bytes, Self.messageByteCountMax) - message.readableBytes
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
