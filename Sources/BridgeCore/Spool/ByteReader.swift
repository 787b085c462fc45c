/// Takes numbers, least significant byte first, from the front of bytes. Nothing is taken where there is not enough.
struct ByteReader {
    private let bytes: [UInt8]
    private var index: Int
    private let end: Int

    /// Reads `bytes[range]`. The range lies inside.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        self.index = range.lowerBound
        self.end = range.upperBound
    }

    /// How many bytes are left.
    var count: Int { self.end - self.index }

    mutating func take<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
        let width = Value.bitWidth / 8
        guard self.count >= width else { return nil }
        var value: UInt64 = 0
        for place in 0..<width { value |= UInt64(self.bytes[self.index + place]) << (8 * UInt64(place)) }
        self.index += width
        return Value(truncatingIfNeeded: value)
    }

    mutating func takeRange() -> ByteRange? {
        guard let offset = self.take(UInt32.self), let length = self.take(UInt32.self) else { return nil }
        return ByteRange(offset: offset, length: length)
    }

    mutating func takeText() -> String? {
        guard let length = self.take(UInt32.self), let bytes = self.takeBytes(Int(length)) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next `count` bytes.
    mutating func takeBytes(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= self.count else { return nil }
        defer { self.index += count }
        return self.bytes[self.index..<(self.index + count)]
    }
}
