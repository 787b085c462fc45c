import NIOCore
import NIOWebSocket

/// A frame of a client, by what RFC 6455 says of it.
enum ClientFrame {
    case ping(ByteBuffer)
    case pong(ByteBuffer)
    /// With its code; nil where it has none.
    case close(code: UInt16?)
    /// A whole text message.
    case text(ByteBuffer)
    /// Any other frame with data.
    case data
    /// What no client may send: the connection fails with 1002.
    case violation(ClientViolation, reason: String)

    init(_ frame: WebSocketFrame) {
        guard frame.maskKey != nil else {
            self = .violation(.unmaskedFrame, reason: "unmasked frame")
            return
        }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            self = .violation(.malformedFrame, reason: "reserved bits")
            return
        }
        switch frame.opcode {
        case .ping: self = .ping(frame.unmaskedData)
        case .pong: self = .pong(frame.unmaskedData)
        case .connectionClose:
            var payload = frame.unmaskedData
            self = .close(code: payload.readInteger(as: UInt16.self))
        case .text where frame.fin: self = .text(frame.unmaskedData)
        case .text, .binary, .continuation: self = .data
        case _: self = .violation(.malformedFrame, reason: "unknown opcode")
        }
    }
}
