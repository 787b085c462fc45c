import NIOCore
import NIOWebSocket

extension WebSocketFrame {
    /// A close frame; without a code it says nothing.
    static func close(code: UInt16?, reason: String = "") -> WebSocketFrame {
        var payload = ByteBuffer()
        if let code {
            payload.writeInteger(code)
            payload.writeString(reason)
        }
        return WebSocketFrame(fin: true, opcode: .connectionClose, data: payload)
    }
}
