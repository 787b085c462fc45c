/// A frame as a server writes it, right or wrong (RFC 6455 section 5.2).
struct ServerFrame: Sendable {
    enum Length: Sendable {
        case shortest
        case twoBytes
        case eightBytes
        case announced(UInt64)
    }

    var opcode: UInt8
    var payload: [UInt8] = []
    var isFinal = true
    var reserved: UInt8 = 0
    var isMasked = false
    var length = Length.shortest

    static func text(_ text: String, final: Bool = true) -> Self {
        Self(opcode: 1, payload: Array(text.utf8), isFinal: final)
    }
    static func text(bytes: [UInt8], final: Bool = true) -> Self { Self(opcode: 1, payload: bytes, isFinal: final) }
    static func binary(_ bytes: [UInt8], final: Bool = true) -> Self { Self(opcode: 2, payload: bytes, isFinal: final) }
    static func more(_ bytes: [UInt8], final: Bool) -> Self { Self(opcode: 0, payload: bytes, isFinal: final) }
    static func more(_ text: String, final: Bool) -> Self { .more(Array(text.utf8), final: final) }
    static func ping(_ payload: [UInt8] = []) -> Self { Self(opcode: 9, payload: payload) }
    static func pong(_ payload: [UInt8] = []) -> Self { Self(opcode: 10, payload: payload) }
    static func close(_ code: UInt16, _ reason: String = "") -> Self {
        Self(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }
    static func close(payload: [UInt8]) -> Self { Self(opcode: 8, payload: payload) }

    var bytes: [UInt8] {
        var bytes = [(self.isFinal ? 0x80 : 0) | self.reserved << 4 | self.opcode]
        let mask: UInt8 = self.isMasked ? 0x80 : 0
        func integer(_ value: UInt64, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
        }
        let count = UInt64(self.payload.count)
        switch self.length {
        case .shortest where count < 126: bytes += [mask | UInt8(count)]
        case .shortest where count < 65536: bytes += [mask | 126] + integer(count, 2)
        case .shortest: bytes += [mask | 127] + integer(count, 8)
        case .twoBytes: bytes += [mask | 126] + integer(count, 2)
        case .eightBytes: bytes += [mask | 127] + integer(count, 8)
        case .announced(let announced): bytes += [mask | 127] + integer(announced, 8)
        }
        guard self.isMasked else { return bytes + self.payload }
        let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        return bytes + key + self.payload.enumerated().map { $1 ^ key[$0 % 4] }
    }
}

extension [ServerFrame] {
    var bytes: [UInt8] { self.flatMap(\.bytes) }
}
