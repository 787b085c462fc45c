/// One rate over another, each pair of one round: what else the machine does then is the same for both.
struct BenchRatio: Codable, Hashable {
    /// Of the rounds' ratios.
    var median: Double
    /// The lowest of them.
    var low: Double
    /// The highest of them.
    var high: Double

    /// Nil where there is nothing to compare with.
    init?(_ rates: [Double], over others: [Double]?) {
        guard let others else { return nil }
        let ratios = zip(rates, others).map { $0 / max($1, 0.001) }
        guard let low = ratios.min(), let high = ratios.max() else { return nil }
        self.median = Self.median(ratios)
        self.low = low
        self.high = high
    }

    /// The middle one, or the mean of the two in the middle; 0 of none.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return 0 }
        let upper = sorted.count / 2
        if sorted.count == 1 { return last }
        return sorted.count.isMultiple(of: 2) ? (sorted[upper - 1] + sorted[upper]) / 2 : sorted[upper]
    }

    /// For people.
    var text: String {
        "\(BenchReport.number(self.median)) (\(BenchReport.number(self.low)) to \(BenchReport.number(self.high)))"
    }
}
