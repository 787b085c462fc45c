/// Whether a process needs more the longer it runs. Pure.
struct GrowthReport: Codable, Hashable {
    /// Medians of the tenth of the time behind the first one, in which the process warms up, and of the last tenth.
    var residentBytesEarly: Int
    var residentBytesLate: Int
    var descriptorsEarly: Int
    var descriptorsLate: Int
    /// The most there was of each.
    var residentBytesMax: Int
    var descriptorsMax: Int

    /// What allocators and page counts make of a process that holds the same.
    private static let residentBytesSlack = 16 << 20
    /// A socket that is being replaced, a checkpoint that is being written.
    private static let descriptorSlack = 6

    /// Nil for fewer samples than there are tenths.
    init?(_ samples: [ProcessSample]) {
        let tenth = samples.count / 10
        guard tenth > 0 else { return nil }
        let early = samples[tenth..<(2 * tenth)]
        let late = samples.suffix(tenth)
        self.residentBytesEarly = Self.median(early.map(\.residentBytes))
        self.residentBytesLate = Self.median(late.map(\.residentBytes))
        self.descriptorsEarly = Self.median(early.map(\.descriptors))
        self.descriptorsLate = Self.median(late.map(\.descriptors))
        self.residentBytesMax = samples.map(\.residentBytes).max() ?? 0
        self.descriptorsMax = samples.map(\.descriptors).max() ?? 0
    }

    /// Whether it needed more at the end, by more than chance.
    var hasGrown: Bool {
        self.residentBytesLate > self.residentBytesEarly + self.residentBytesEarly / 10 + Self.residentBytesSlack
            || self.descriptorsLate > self.descriptorsEarly + Self.descriptorSlack
    }

    private static func median(_ values: [Int]) -> Int {
        values.sorted()[values.count / 2]
    }
}
