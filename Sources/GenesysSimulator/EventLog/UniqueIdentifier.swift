import NIOCore

/// 128 bits written in the 8-4-4-4-12 form of a UUID (RFC 9562 section 4).
struct UniqueIdentifier: Equatable {
    static let byteCount = 36

    let high: UInt64
    let low: UInt64

    init(hash: SeededHash, number: Int) {
        // Version 4 and the RFC's variant, as the upstream's identifiers have.
        self.high = (hash(number &* 2) & 0xFFFF_FFFF_FFFF_0FFF) | 0x4000
        self.low = (hash(number &* 2 &+ 1) & 0x3FFF_FFFF_FFFF_FFFF) | 0x8000_0000_0000_0000
    }

    /// The text form, as 36 ASCII bytes.
    func write(into buffer: inout ByteBuffer) {
        let dash = UInt8(ascii: "-")
        let first = Self.hexadecimal(UInt32(truncatingIfNeeded: self.high >> 32))
        let second = Self.hexadecimal(UInt32(truncatingIfNeeded: self.high))
        let third = Self.hexadecimal(UInt32(truncatingIfNeeded: self.low >> 32))
        let fourth = Self.hexadecimal(UInt32(truncatingIfNeeded: self.low))
        buffer.writeMultipleIntegers(
            first,
            dash,
            UInt32(truncatingIfNeeded: second >> 32),
            dash,
            UInt32(truncatingIfNeeded: second),
            dash,
            UInt32(truncatingIfNeeded: third >> 32),
            dash,
            UInt32(truncatingIfNeeded: third),
            fourth
        )
    }

    var text: String {
        var buffer = ByteBuffer()
        self.write(into: &buffer)
        return String(buffer: buffer)
    }

    /// Eight lower-case hexadecimal digits, most significant first, in the eight bytes of the result.
    private static func hexadecimal(_ value: UInt32) -> UInt64 {
        // Spread the eight nibbles over eight bytes, then turn each byte 0...15 into its ASCII digit, all at once.
        var bits = UInt64(value)
        bits = ((bits << 16) | bits) & 0x0000_FFFF_0000_FFFF
        bits = ((bits << 8) | bits) & 0x00FF_00FF_00FF_00FF
        bits = ((bits << 4) | bits) & 0x0F0F_0F0F_0F0F_0F0F
        let aboveNine = ((bits &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return bits &+ 0x3030_3030_3030_3030 &+ aboveNine &* 0x27
    }
}
