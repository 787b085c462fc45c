/// What `bench --delivery` found; `--json` prints it.
struct DeliveryBenchReport: Codable {
    /// One variant, in all rounds.
    struct Row: Codable {
        /// What was measured.
        var variant: DeliveryBenchVariant
        /// Of each round.
        var results: [BenchResult]
        /// Events per second, the median of the rounds.
        var eventsPerSecond: Double
        /// CPU seconds per million events, the median of the rounds.
        var cpuSecondsPerMillion: Double
        /// Events per second over those of bare librdkafka with the same records and compression; nil for itself.
        var overBare: BenchRatio?
        /// Over those of bare transactions of the same interval; nil but for exactly-once.
        var overBareTransactions: BenchRatio?
        /// Over those of at-least-once with the same interval; nil but for exactly-once.
        var overAtLeastOnce: BenchRatio?

        /// - Parameter rounds: of each round, a result of each variant.
        static func all(_ variants: [DeliveryBenchVariant], rounds: [[BenchResult]]) -> [Row] {
            func rates(_ isWanted: (DeliveryBenchVariant) -> Bool) -> [Double]? {
                variants.firstIndex(where: isWanted).map { index in rounds.map { $0[index].eventsPerSecond } }
            }
            return variants.enumerated().map { index, variant in
                let results = rounds.map { $0[index] }
                let interval = variant.settings.commitMilliseconds
                let isExact = !variant.isBare && variant.settings.guarantee == .exactlyOnce
                let bare = rates { $0.isBare && $0.settings.commitMilliseconds == nil }
                let transactions = rates { $0.isBare && $0.settings.commitMilliseconds == interval }
                let once = rates {
                    !$0.isBare && $0.settings.guarantee == .atLeastOnce && $0.settings.commitMilliseconds == interval
                }
                let own = results.map(\.eventsPerSecond)
                return Row(
                    variant: variant,
                    results: results,
                    eventsPerSecond: BenchRatio.median(own),
                    cpuSecondsPerMillion: BenchRatio.median(results.map(\.cpuSecondsPerMillion)),
                    overBare: interval == nil ? nil : BenchRatio(own, over: bare),
                    overBareTransactions: isExact ? BenchRatio(own, over: transactions) : nil,
                    overAtLeastOnce: isExact ? BenchRatio(own, over: once) : nil
                )
            }
        }

        /// For people.
        var line: String {
            let settings = self.variant.settings
            return DeliveryBenchReport.line([
                self.variant.name, settings.commitMilliseconds.map { "\($0) ms" } ?? "-", settings.headersName,
                settings.compression, "\(Int(self.eventsPerSecond))", BenchReport.number(self.cpuSecondsPerMillion),
                self.overBare.map { BenchReport.number($0.median) } ?? "-",
                self.overBareTransactions.map { BenchReport.number($0.median) } ?? "-",
                self.overAtLeastOnce?.text ?? "-",
            ])
        }
    }

    /// Bytes of each event.
    var eventBytes: Int
    /// Whether there was a cluster with transactions.
    var isExactlyOnceMeasured: Bool
    /// Times that everything was measured.
    var rounds: Int
    /// In the order of the table.
    var rows: [Row]

    /// The names of the columns.
    var head: String {
        "medians of \(self.rounds) rounds; in brackets the lowest and the highest\n"
            + Self.line([
                "", "commit", "headers", "compression", "events/s", "CPU s/M", "/ bare", "/ bare txn",
                "/ at least once",
            ])
    }

    /// What was left out.
    var note: String? {
        self.isExactlyOnceMeasured
            ? nil
            : "exactly-once was not measured: the embedded broker's transactions isolate nothing; set KAFKA_BOOTSTRAP_SERVERS"
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [18, 9, 11, 13, 10, 9, 8, 12]
        let padded = zip(cells, widths).map { cell, width in
            cell + String(repeating: " ", count: max(1, width - cell.count))
        }
        return padded.joined() + cells.dropFirst(widths.count).joined()
    }
}
