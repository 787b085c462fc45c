/// What each guarantee costs: at-least-once beside exactly-once at several commit intervals, and bare librdkafka beside both.
struct DeliveryBench {
    private static let commitMilliseconds = [10, 100, 1_000]
    private static let compressions = ["none", "lz4", "zstd"]

    let stage: BenchStage
    /// Events of each measurement.
    let events: Int
    /// Who sees a line for each measurement.
    let show: (String) -> Void

    /// Measures everything, one after another.
    func run() throws -> DeliveryBenchReport {
        var report = DeliveryBenchReport(
            eventBytes: self.stage.eventBytes,
            isExactlyOnceMeasured: self.stage.cluster != nil,
            rows: []
        )
        self.show(report.head)
        for compression in Self.compressions {
            for withHeaders in [true, false] {
                var variant = BenchVariant(withHeaders: withHeaders, compression: compression)
                let bare = try self.stage.measure(.bare, variant, rate: "unlimited", events: self.events)
                self.add(DeliveryBenchReport.Row(variant, isBare: true, bare, bare: nil, atLeastOnce: nil), to: &report)
                for milliseconds in Self.commitMilliseconds {
                    variant.commitMilliseconds = milliseconds
                    variant.guarantee = .atLeastOnce
                    let once = try self.stage.measure(.bridge, variant, rate: "unlimited", events: self.events)
                    self.add(DeliveryBenchReport.Row(variant, once, bare: bare, atLeastOnce: nil), to: &report)
                    guard report.isExactlyOnceMeasured else { continue }
                    variant.guarantee = .exactlyOnce
                    let exactly = try self.stage.measure(.bridge, variant, rate: "unlimited", events: self.events)
                    self.add(DeliveryBenchReport.Row(variant, exactly, bare: bare, atLeastOnce: once), to: &report)
                }
            }
        }
        if let note = report.note { self.show(note) }
        return report
    }

    private func add(_ row: DeliveryBenchReport.Row, to report: inout DeliveryBenchReport) {
        report.rows.append(row)
        self.show(row.line)
    }
}
