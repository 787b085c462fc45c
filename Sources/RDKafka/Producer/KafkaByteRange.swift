/// A range of a batch's bytes.
public struct KafkaByteRange: Hashable, Sendable {
    /// First byte, counted from the start of the batch's bytes.
    public var offset: UInt32
    /// Number of bytes; 0 is an empty value, not a missing one.
    public var count: UInt32

    /// - Parameters:
    ///   - offset: first byte, counted from the start of the batch's bytes.
    ///   - count: number of bytes.
    public init(offset: UInt32, count: UInt32) {
        self.offset = offset
        self.count = count
    }

    /// Whether the range lies inside of `byteCount` bytes.
    func fits(in byteCount: Int) -> Bool {
        Int(self.offset) + Int(self.count) <= byteCount
    }
}
