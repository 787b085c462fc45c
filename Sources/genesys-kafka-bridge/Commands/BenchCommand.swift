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
            with --delivery or channels, which are measured in rounds and printed as medians, least.

            With --protocol channels: the bridge with its spool on disk (in the folder that TMPDIR names, which should be on the \
            disk that is to be measured), with its spool in memory, and with two channels whose copies are dropped; librdkafka \
            alone with the same records; a reader that does nothing with what the socket brings; and the bridge at a tenth of its \
            rate. The simulator sends as fast as it is read. Where it did not have to wait, a note says so: then the rate is its own.
            """
    )

    @Option(help: "Events to measure in each part, at least.")
    var events = 1_000_000

    @Option(
        name: .customLong("protocol"),
        help: "What to measure: 'stream', or 'channels', whose events are of the size that their topics have."
    )
    var dialect = StreamProtocol.stream

    @Option(
        parsing: .upToNextOption,
        help: "With --protocol channels: the topics, as a configuration has them, each for 100 queues or users."
    )
    var topics = ChannelBench.topics

    @Option(help: "The size of each event in bytes.")
    var eventBytes = 611

    @Flag(
        help: """
            Compare at-least-once with exactly-once at three commit intervals, with headers and without, with three compressions. \
            Exactly-once is measured in the cluster of KAFKA_BOOTSTRAP_SERVERS only. Takes a quarter of an hour.
            """
    )
    var delivery = false

    @Option(help: "With --delivery or --protocol channels: times that everything is measured.")
    var rounds = 3

    @Option(help: "With --delivery or --protocol channels: seconds that each part takes, at least.")
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

    @OptionGroup(visibility: .hidden) var child: ChildOptions

    func validate() throws {
        guard self.events >= 10_000 else { throw ValidationError("--events must be at least 10000") }
        guard self.dialect == .stream || !self.delivery else {
            throw ValidationError("--delivery measures the stream")
        }
        guard self.rounds >= 1 else { throw ValidationError("--rounds must be at least 1") }
        guard (0...3_600).contains(self.seconds) else { throw ValidationError("--seconds must be 0 to 3600") }
        guard self.intervals.allSatisfy({ (1...60_000).contains($0) }) else {
            throw ValidationError("--intervals must be 1 to 60000")
        }
    }

    func run() async throws {
        self.child.endWithParent()
        if let workload = self.workload { return try await self.measure(workload) }
        switch self.dialect {
        case .stream: try self.measureStream()
        case .channels:
            let bench = ChannelBench(
                stage: BenchStage(eventBytes: self.eventBytes, cluster: nil, leastSeconds: self.seconds),
                events: self.events,
                rounds: self.rounds,
                topics: self.topics
            )
            let report = try bench.run()
            self.show(self.json ? [JSONText.encoded(report)] : report.lines)
        }
    }

    private func show(_ lines: [String]) {
        for line in lines { StandardStream.output.write(line: line) }
    }

    private func measureStream() throws {
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
            if self.json { self.show([JSONText.encoded(report)]) }
            return
        }
        var comparisons: [BenchReport.Comparison] = []
        for withHeaders in [true, false] { comparisons.append(try self.compare(withHeaders: withHeaders)) }
        let report = BenchReport(
            eventBytes: self.eventBytes,
            eventsPerMessage: BenchOptions.eventsPerMessage,
            comparisons: comparisons
        )
        self.show(self.json ? [JSONText.encoded(report)] : report.lines)
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
            case .reader: try await BenchWorkload.runReader(options)
            }
        await BenchWorkload.removeTopics(options)
        StandardStream.output.write(line: String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }
}
