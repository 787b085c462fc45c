/// Appends numbers, least significant byte first, to bytes.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func put<Value: FixedWidthInteger>(_ value: Value) {
        var rest = UInt64(truncatingIfNeeded: value)
        for _ in 0..<(Value.bitWidth / 8) {
            self.bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    mutating func put(_ range: ByteRange) {
        self.put(range.offset)
        self.put(range.length)
    }

    /// A text and, before it, how many bytes it has.
    mutating func put(text: String) {
        self.put(UInt32(text.utf8.count))
        self.bytes.append(contentsOf: text.utf8)
    }

    /// Puts `value` over the bytes at `offset`.
    mutating func patch(_ value: UInt32, at offset: Int) {
        for index in 0..<4 { self.bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index))) }
    }
}
