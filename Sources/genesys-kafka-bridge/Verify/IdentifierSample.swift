/// Finds repeated identifiers in bounded memory: exactly up to a number of them, beyond that by a sample.
///
/// It keeps the hashes of identifiers. When there are too many, it keeps those whose lowest bits are zero, half of them, and counts each
/// for two; then for four, and so on. Which ones it keeps depends on the identifiers alone, so each is followed from its first to its last
/// appearance, or not at all.
struct IdentifierSample {
    /// At most so many are kept: about 100 MB.
    static let countMax = 1 << 22

    private let countMax: Int
    /// Each kept identifier stands for 2 to the power of this.
    private var halvings = 0
    private var kept: Set<UInt64> = []
    /// How often an identifier came again; only of those that did.
    private var repeats: [UInt64: Int] = [:]

    init(countMax: Int = Self.countMax) {
        self.countMax = countMax
    }

    /// An identifier came.
    mutating func insert(_ identifier: [UInt8]) {
        let hash = Self.hash(identifier)
        guard self.isKept(hash) else { return }
        if self.kept.insert(hash).inserted {
            while self.kept.count > self.countMax { self.halve() }
        } else {
            self.repeats[hash, default: 0] += 1
        }
    }

    private mutating func halve() {
        self.halvings += 1
        self.kept = self.kept.filter(self.isKept)
        self.repeats = self.repeats.filter { self.isKept($0.key) }
    }

    private func isKept(_ hash: UInt64) -> Bool {
        hash & ((1 << UInt64(self.halvings)) - 1) == 0
    }

    /// Whether `repeated` is an estimate.
    var isEstimate: Bool { self.halvings > 0 }

    /// Identifiers that came again, counted each time.
    var repeated: Int { self.repeats.values.reduce(0, +) << self.halvings }

    /// FNV-1a with a final mix: its lowest bits alone would follow the last byte.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
        return hash ^ (hash >> 33)
    }
}
