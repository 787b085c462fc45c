import ArgumentParser
import Foundation

/// `bench`: what the bridge costs, beside bare librdkafka in the same run.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure the whole bridge beside bare librdkafka on this machine.",
        discussion: """
            Starts the simulator and the embedded broker as processes of their own, then measures, one after another: the \
            bridge, librdkafka alone with the same records, and the bridge at a tenth of its rate; with the seven headers and \
            without. CPU is that of the measured process alone. Rates depend on what else the machine does; ratios less so, and \
            with --delivery, which measures in rounds and prints medians, least.
            """
    )

    @Option(help: "Events to measure in each part, at least.")
    var events = 1_000_000

    @Option(help: "The size of each event in bytes.")
    var eventBytes = 611

    @Flag(
        help: """
            Compare at-least-once with exactly-once at three commit intervals, with headers and without, with three compressions. \
            Exactly-once is measured in the cluster of KAFKA_BOOTSTRAP_SERVERS only. Takes a quarter of an hour.
            """
    )
    var delivery = false

    @Option(help: "With --delivery: times that everything is measured.")
    var rounds = 3

    @Option(help: "With --delivery: seconds that each part takes, at least.")
    var seconds = 3

    @Option(parsing: .upToNextOption, help: "With --delivery: the commit intervals, in milliseconds.")
    var intervals = DeliveryBench.commitMilliseconds

    @Option(parsing: .upToNextOption, help: "With --delivery: librdkafka's compressions.")
    var compressions = DeliveryBench.compressions

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Option(help: .hidden)
    var workload: String?

    @Option(help: .hidden)
    var bootstrapServers = ""

    @Option(help: .hidden)
    var simulator = ""

    @Option(help: .hidden)
    var variant: String?

    @Flag(help: .hidden)
    var realCluster = false

    func validate() throws {
        guard self.events >= 10_000 else { throw ValidationError("--events must be at least 10000") }
        guard self.rounds >= 1 else { throw ValidationError("--rounds must be at least 1") }
        guard (0...3_600).contains(self.seconds) else { throw ValidationError("--seconds must be 0 to 3600") }
        guard self.intervals.allSatisfy({ (1...60_000).contains($0) }) else {
            throw ValidationError("--intervals must be 1 to 60000")
        }
    }

    func run() async throws {
        if let workload = self.workload { return try await self.measure(workload) }
        if self.delivery {
            let cluster = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]
            let bench = DeliveryBench(
                stage: BenchStage(eventBytes: self.eventBytes, cluster: cluster, leastSeconds: self.seconds),
                events: self.events,
                rounds: self.rounds,
                intervals: self.intervals,
                compressions: self.compressions,
                show: { line in if !self.json { StandardStream.output.write(line: line) } }
            )
            let report = try bench.run()
            if self.json { StandardStream.output.write(line: JSONText.encoded(report)) }
            return
        }
        var comparisons: [BenchReport.Comparison] = []
        for withHeaders in [true, false] { comparisons.append(try self.compare(withHeaders: withHeaders)) }
        let report = BenchReport(
            eventBytes: self.eventBytes,
            eventsPerMessage: BenchOptions.eventsPerMessage,
            comparisons: comparisons
        )
        if self.json {
            StandardStream.output.write(line: JSONText.encoded(report))
        } else {
            for line in report.lines { StandardStream.output.write(line: line) }
        }
    }

    private func compare(withHeaders: Bool) throws -> BenchReport.Comparison {
        let stage = BenchStage(eventBytes: self.eventBytes, cluster: nil)
        let variant = BenchVariant(withHeaders: withHeaders)
        let bridge = try stage.measure(.bridge, variant, rate: "unlimited", events: self.events)
        let bare = try stage.measure(.bare, variant, rate: "unlimited", events: self.events)
        let tenth = bridge.eventsPerSecond / 10
        var lightLoad = try stage.measure(
            .bridge,
            variant,
            rate: "\(Int(tenth))",
            events: min(self.events, max(10_000, Int(tenth * 10)))
        )
        lightLoad.name = "bridge at a tenth of that rate"
        return BenchReport.Comparison(
            name: withHeaders ? "headers" : "no headers",
            bridge: bridge,
            bare: bare,
            lightLoad: lightLoad
        )
    }

    private func measure(_ name: String) async throws {
        guard let workload = BenchWorkload(rawValue: name) else {
            throw CommandFailure(.usage, "there is no workload '\(name)'")
        }
        guard let variant = try self.variant.map({ try JSONDecoder().decode(BenchVariant.self, from: Data($0.utf8)) })
        else {
            throw CommandFailure(.usage, "a workload needs its variant")
        }
        let options = BenchOptions(
            bootstrapServers: self.bootstrapServers,
            simulator: self.simulator,
            warmUpEvents: self.events / 10,
            events: self.events,
            leastTime: .seconds(self.seconds),
            variant: variant,
            isRealCluster: self.realCluster,
            name: "genesys-kafka-bridge-bench-\(UUID().uuidString)"
        )
        defer { try? FileManager.default.removeItem(atPath: options.directory) }
        let result =
            switch workload {
            case .bridge: try await BenchWorkload.runBridge(options)
            case .bare: try await BenchWorkload.runBare(options)
            }
        await BenchWorkload.removeTopics(options)
        StandardStream.output.write(line: String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }
}
