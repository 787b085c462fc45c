import NIOCore

@testable import WebSocketClient

/// What an assembler makes of bytes, and the most that it held meanwhile.
struct AssembledSteps {
    private(set) var messages: [WebSocketMessage] = []
    private(set) var unreadable: [UnreadableWebSocketMessage] = []
    private(set) var pings: [[UInt8]] = []
    private(set) var violation: FrameViolation?
    private(set) var heldBytesMax = 0

    var texts: [String] { self.messages.map { String(buffer: $0.payload) } }

    init() {}

    init(_ assembler: inout FrameAssembler, _ bytes: [UInt8], pieces size: Int = .max) {
        var start = 0
        while start < bytes.count {
            let end = start + min(size, bytes.count - start)
            self.feed(ByteBuffer(bytes: bytes[start..<end]), to: &assembler)
            start = end
        }
    }

    mutating func feed(_ bytes: ByteBuffer, to assembler: inout FrameAssembler) {
        var input = bytes
        while self.take(assembler.next(&input)) { self.heldBytesMax = max(self.heldBytesMax, assembler.heldBytes) }
        self.heldBytesMax = max(self.heldBytesMax, assembler.heldBytes)
    }

    /// False when the input is used up.
    private mutating func take(_ step: FrameAssembler.Step) -> Bool {
        switch step {
        case .needMoreBytes: return false
        case .message(let message, _): self.messages.append(message)
        case .unreadable(let message): self.unreadable.append(message)
        case .ping(let payload): self.pings.append(Array(buffer: payload))
        case .pong, .close: break
        case .violation(let violation): self.violation = violation
        }
        return true
    }
}
