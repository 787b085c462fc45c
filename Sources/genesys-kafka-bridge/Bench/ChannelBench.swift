/// What the bridge of a tenant of channels costs, in what ways its spool may be, beside bare librdkafka with the same records and beside a reader
/// that does nothing with what the socket brings.
///
/// Rates change with what else the machine does. So everything is measured in several rounds, each with the other order of the one before, and
/// a ratio is the median of the rounds' own ratios.
struct ChannelBench {
    /// One thing that is measured at full rate.
    struct Part {
        var kind: ChannelBenchReport.Kind
        var name: String
        var workload: BenchWorkload
        var channels: ChannelBenchVariant
    }

    /// What is subscribed where nothing else is asked for: short events and long ones.
    static let topics = [
        "v2.users.{user}.presence", "v2.users.{user}.routingStatus", "v2.routing.queues.{queue}.conversations",
    ]

    let stage: BenchStage
    /// Events of each measurement, at least.
    let events: Int
    /// Times that everything is measured.
    let rounds: Int
    /// What is subscribed, as a configuration has it.
    let topics: [String]

    /// Measures everything, one after another.
    func run() throws -> ChannelBenchReport {
        let parts = self.parts
        var results: [ChannelBenchReport.Kind: [BenchResult]] = [:]
        for round in 0..<self.rounds {
            for part in round.isMultiple(of: 2) ? parts : parts.reversed() {
                var result = try self.stage.measure(
                    part.workload,
                    BenchVariant(withHeaders: true, channels: part.channels),
                    rate: "unlimited",
                    events: self.events
                )
                result.name = part.name
                results[part.kind, default: []].append(result)
            }
            if let full = results[.disk]?.last { results[.tenth, default: []].append(try self.lightLoad(full)) }
        }
        return ChannelBenchReport(topics: self.topics, rounds: self.rounds, results: results)
    }

    private var parts: [Part] {
        let disk = ChannelBenchVariant(topics: self.topics)
        var (memory, redundant) = (disk, disk)
        memory.store = .memory
        redundant.isRedundant = true
        return [
            Part(kind: .disk, name: "bridge, spool on disk", workload: .bridge, channels: disk),
            Part(kind: .memory, name: "bridge, spool in memory", workload: .bridge, channels: memory),
            Part(kind: .redundant, name: "bridge, two channels", workload: .bridge, channels: redundant),
            Part(kind: .bare, name: "bare librdkafka", workload: .bare, channels: disk),
            Part(kind: .reader, name: "bare reader of the socket", workload: .reader, channels: disk),
        ]
    }

    /// The bridge, its spool on disk, at a tenth of its rate.
    private func lightLoad(_ full: BenchResult) throws -> BenchResult {
        let tenth = full.eventsPerSecond / 10
        let topicCount = BenchOptions.topics(self.topics).count
        var result = try self.stage.measure(
            .bridge,
            BenchVariant(withHeaders: true, channels: ChannelBenchVariant(topics: self.topics)),
            rate: "\(tenth / Double(max(topicCount, 1)))",
            events: min(self.events, max(10_000, Int(tenth * 10)))
        )
        result.name = "bridge at a tenth of that rate"
        return result
    }
}
