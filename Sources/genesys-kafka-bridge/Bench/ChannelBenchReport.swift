/// What `bench --protocol channels` found; `--json` prints it.
struct ChannelBenchReport: Codable {
    /// A row of the table, in its order.
    enum Kind: String, Codable, CaseIterable {
        /// The bridge, its spool in a folder.
        case disk
        /// The bridge, its spool in memory.
        case memory
        /// The bridge with two channels, its spool in a folder.
        case redundant
        /// librdkafka alone with the same records.
        case bare
        /// A reader of a channel's socket that does nothing else.
        case reader
        /// The bridge, its spool in a folder, at a tenth of its rate.
        case tenth
    }

    /// One row, in all rounds.
    struct Row: Codable {
        /// Which it is.
        var kind: Kind
        /// Of each round.
        var results: [BenchResult]
        /// The medians of them.
        var median: BenchResult
        /// Events per second over those of bare librdkafka; nil but for the bridge at full rate.
        var overBare: BenchRatio?
        /// CPU of bare librdkafka over its own; nil but for the bridge at full rate.
        var bareCPU: BenchRatio?
        /// Events per second over those of a reader that does nothing else; nil but for the bridge at full rate.
        var overReader: BenchRatio?
    }

    /// A sender that waited for less of the time may be what limits the rate.
    private static let heldBackShareMin = 0.1

    /// What was subscribed.
    var topics: [String]
    /// Times that everything was measured.
    var rounds: Int
    /// Bytes of one message, on average.
    var bytesPerEvent: Double
    /// In the order of the table.
    var rows: [Row]

    /// - Parameter results: of each row one for each round.
    init(topics: [String], rounds: Int, results: [Kind: [BenchResult]]) {
        self.topics = topics
        self.rounds = rounds
        let (bare, reader) = (results[.bare] ?? [], results[.reader] ?? [])
        self.bytesPerEvent = BenchResult(medianOf: reader)?.bytesPerEvent ?? 0
        self.rows = Kind.allCases.compactMap { kind in
            let own = results[kind] ?? []
            guard let median = BenchResult(medianOf: own) else { return nil }
            var row = Row(kind: kind, results: own, median: median)
            switch kind {
            case .disk, .memory, .redundant:
                let rates = own.map(\.eventsPerSecond)
                row.overBare = BenchRatio(rates, over: bare.map(\.eventsPerSecond))
                row.overReader = BenchRatio(rates, over: reader.map(\.eventsPerSecond))
                row.bareCPU = BenchRatio(bare.map(\.cpuSecondsPerMillion), over: own.map(\.cpuSecondsPerMillion))
            case .bare, .reader, .tenth: break
            }
            return row
        }
    }

    /// For people.
    var lines: [String] {
        var lines = [
            "\(Int(self.bytesPerEvent.rounded()))-byte events on average, one a message, idempotence, acks=all; simulator and embedded "
                + "broker in their own processes; medians of \(self.rounds) rounds",
            "",
            BenchReport.head,
        ]
        lines += self.rows.map { BenchReport.row($0.median) }
        lines.append("")
        for row in self.rows { lines += Self.ratios(row) }
        lines += self.rows.compactMap(Self.note)
        return lines
    }

    private static func ratios(_ row: Row) -> [String] {
        guard let overBare = row.overBare, let bareCPU = row.bareCPU, let overReader = row.overReader else { return [] }
        return [
            "\(row.median.name): \(overBare.text) of the events/s of bare librdkafka, \(overReader.text) of those of the reader;",
            "  bare librdkafka needs \(bareCPU.text) of its CPU",
        ]
    }

    /// Says so where a rate is that of the simulator.
    private static func note(_ row: Row) -> String? {
        guard row.kind != .tenth, let share = row.median.senderHeldBackShare, share < Self.heldBackShareMin else {
            return nil
        }
        return
            "\(row.median.name): the simulator had to wait for it \(Int((share * 100).rounded())) % of the time only, so events/s "
            + "are the simulator's; its own are at least that"
    }
}
