import NIOCore

/// Writes client frames: always final, always masked (RFC 6455 sections 5.2 and 5.3).
enum FrameEncoder {
    /// Appends one frame to `output`. `maskingKey` must be fresh for every frame and unpredictable.
    static func encode(
        _ opcode: WebSocketOpcode,
        payload: ByteBuffer,
        maskingKey: UInt32,
        into output: inout ByteBuffer
    ) {
        let length = payload.readableBytes
        output.reserveCapacity(minimumWritableBytes: length + 14)
        output.writeInteger(0x80 | opcode.rawValue)
        switch length {
        case ..<126:
            output.writeInteger(0x80 | UInt8(length))
        case ..<65536:
            output.writeInteger(0x80 | UInt8(126))
            output.writeInteger(UInt16(length))
        default:
            output.writeInteger(0x80 | UInt8(127))
            output.writeInteger(UInt64(length))
        }
        output.writeInteger(maskingKey)
        self.append(payload, maskedWith: maskingKey, to: &output)
    }

    /// The payload of a close frame; the reason is cut at a character so that the payload stays within 125 bytes.
    static func closePayload(code: UInt16?, reason: String) -> ByteBuffer {
        var payload = ByteBuffer()
        guard let code else { return payload }
        payload.writeInteger(code)
        for character in reason {
            guard payload.readableBytes + character.utf8.count <= 125 else { break }
            payload.writeString(String(character))
        }
        return payload
    }

    private static func append(_ payload: ByteBuffer, maskedWith key: UInt32, to output: inout ByteBuffer) {
        // Eight bytes at a time: the key repeats every four.
        let doubleKey = UInt64(key) << 32 | UInt64(key)
        let keyBytes = (0..<4).map { UInt8(truncatingIfNeeded: key >> (24 - 8 * $0)) }
        var rest = payload
        while let word = rest.readInteger(as: UInt64.self) {
            output.writeInteger(word ^ doubleKey)
        }
        var position = 0
        while let byte = rest.readInteger(as: UInt8.self) {
            output.writeInteger(byte ^ keyBytes[position & 3])
            position += 1
        }
    }
}
