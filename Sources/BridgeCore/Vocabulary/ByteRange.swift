/// A range of bytes inside a `MessageBytes`.
public struct ByteRange: Hashable, Sendable {
    /// The first byte's index.
    public var offset: UInt32
    /// How many bytes.
    public var length: UInt32

    /// `length` bytes from `offset`.
    public init(offset: UInt32, length: UInt32) {
        self.offset = offset
        self.length = length
    }

    /// The first byte's index.
    public var start: Int { Int(self.offset) }
    /// How many bytes.
    public var count: Int { Int(self.length) }
    /// The index behind the last byte.
    public var end: Int { Int(self.offset) + Int(self.length) }
}
