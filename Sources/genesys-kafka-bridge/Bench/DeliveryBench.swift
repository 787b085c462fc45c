/// What each guarantee costs: at-least-once beside exactly-once at several commit intervals, and bare librdkafka beside both.
///
/// Rates change with what else the machine does. So what is compared is measured side by side in several rounds, each with the other order
/// of the one before, and a ratio is the median of the rounds' own ratios.
struct DeliveryBench {
    static let commitMilliseconds = [10, 100, 1_000]
    static let compressions = ["none", "lz4", "zstd"]

    let stage: BenchStage
    /// Events of each measurement, at least.
    let events: Int
    /// Times that everything is measured.
    let rounds: Int
    /// The intervals to compare, in milliseconds.
    let intervals: [Int]
    /// librdkafka's names of the compressions to compare.
    let compressions: [String]
    /// Who sees a line for each row.
    let show: (String) -> Void

    /// Measures everything, one after another.
    func run() throws -> DeliveryBenchReport {
        var report = DeliveryBenchReport(
            eventBytes: self.stage.eventBytes,
            isExactlyOnceMeasured: self.stage.cluster != nil,
            rounds: self.rounds,
            rows: []
        )
        self.show(report.head)
        for compression in self.compressions {
            for withHeaders in [true, false] {
                let rows = try self.rows(withHeaders: withHeaders, compression: compression)
                report.rows += rows
                for row in rows { self.show(row.line) }
            }
        }
        if let note = report.note { self.show(note) }
        return report
    }

    private func rows(withHeaders: Bool, compression: String) throws -> [DeliveryBenchReport.Row] {
        let variants = self.variants(withHeaders: withHeaders, compression: compression)
        var rounds: [[BenchResult]] = []
        for round in 0..<self.rounds {
            let order = round.isMultiple(of: 2) ? Array(variants.indices) : variants.indices.reversed()
            var results: [Int: BenchResult] = [:]
            for index in order {
                let variant = variants[index]
                results[index] = try self.stage.measure(
                    variant.isBare ? .bare : .bridge,
                    variant.settings,
                    rate: "unlimited",
                    events: self.events
                )
            }
            rounds.append(variants.indices.compactMap { results[$0] })
        }
        return DeliveryBenchReport.Row.all(variants, rounds: rounds)
    }

    /// In an order in which what is compared is side by side.
    private func variants(withHeaders: Bool, compression: String) -> [DeliveryBenchVariant] {
        let settings = BenchVariant(withHeaders: withHeaders, compression: compression)
        let isExactlyOnceMeasured = self.stage.cluster != nil
        return [DeliveryBenchVariant(isBare: true, settings: settings)]
            + self.intervals.flatMap { milliseconds in
                var (once, exactly) = (settings, settings)
                (once.commitMilliseconds, exactly.commitMilliseconds) = (milliseconds, milliseconds)
                exactly.guarantee = .exactlyOnce
                let always = [DeliveryBenchVariant(isBare: false, settings: once)]
                guard isExactlyOnceMeasured else { return always }
                return always + [false, true].map { DeliveryBenchVariant(isBare: $0, settings: exactly) }
            }
    }
}
