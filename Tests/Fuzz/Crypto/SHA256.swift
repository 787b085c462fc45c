/// Not SHA-256: a checksum that depends on every byte and its place, which is all that fuzzing needs.
public struct SHA256: Sendable {
    private var state: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Nothing counted in yet.
    public init() {}

    /// Counts in `data`.
    public mutating func update(data: [UInt8]) {
        for byte in data { self.state = (self.state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// The checksum of all data.
    public func finalize() -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: self.state >> (8 * $0)) }
    }
}
