/// What `bench --delivery` found; `--json` prints it.
struct DeliveryBenchReport: Codable {
    /// One measurement.
    struct Row: Codable {
        /// How the bridge was configured.
        var variant: BenchVariant
        /// Whether it was librdkafka alone.
        var isBare: Bool
        /// What was measured.
        var result: BenchResult
        /// Events per second over those of bare librdkafka with the same records and compression; nil for itself.
        var rateOverBare: Double?
        /// Events per second over those of at-least-once with the same interval; nil but for exactly-once.
        var rateOverAtLeastOnce: Double?

        init(
            _ variant: BenchVariant,
            isBare: Bool = false,
            _ result: BenchResult,
            bare: BenchResult?,
            atLeastOnce: BenchResult?
        ) {
            self.variant = variant
            self.isBare = isBare
            self.result = result
            self.rateOverBare = bare.map { result.eventsPerSecond / max($0.eventsPerSecond, 0.001) }
            self.rateOverAtLeastOnce = atLeastOnce.map { result.eventsPerSecond / max($0.eventsPerSecond, 0.001) }
        }

        /// For people.
        var line: String {
            let name = self.isBare ? "bare librdkafka" : self.variant.guarantee.rawValue
            return DeliveryBenchReport.line([
                name, self.variant.commitMilliseconds.map { "\($0) ms" } ?? "-", self.variant.headersName,
                self.variant.compression, "\(Int(self.result.eventsPerSecond))",
                BenchReport.number(self.result.cpuSecondsPerMillion), self.rateOverBare.map(BenchReport.number) ?? "-",
                self.rateOverAtLeastOnce.map(BenchReport.number) ?? "-",
            ])
        }
    }

    /// Bytes of each event.
    var eventBytes: Int
    /// Whether there was a cluster with transactions.
    var isExactlyOnceMeasured: Bool
    /// In the order of the measurements.
    var rows: [Row]

    /// The names of the columns.
    var head: String {
        Self.line(["", "commit", "headers", "compression", "events/s", "CPU s/M", "/ bare", "/ at least once"])
    }

    /// What was left out.
    var note: String? {
        self.isExactlyOnceMeasured
            ? nil
            : "exactly-once was not measured: the embedded broker's transactions isolate nothing; set KAFKA_BOOTSTRAP_SERVERS"
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [17, 9, 12, 13, 11, 10, 9]
        let padded = zip(cells, widths).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }
        return padded.joined() + cells.dropFirst(widths.count).joined()
    }
}
