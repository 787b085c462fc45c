/// A deterministic hash: the same seed and input give the same 64 bits on every machine and in every process.
struct SeededHash: Equatable {
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = Self.mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    }

    /// The hash of a further seed that is text, FNV-1a over its UTF-8.
    func derived(for text: String) -> SeededHash {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return SeededHash(seed: self.seed ^ hash)
    }

    func callAsFunction(_ value: Int) -> UInt64 {
        Self.mix(self.seed &+ UInt64(truncatingIfNeeded: value) &* 0x9E37_79B9_7F4A_7C15)
    }

    /// The finalizer of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
    private static func mix(_ value: UInt64) -> UInt64 {
        var bits = value
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
