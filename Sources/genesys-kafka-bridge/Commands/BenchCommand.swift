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
            without. CPU is that of the measured process alone. Rates depend on what else the machine does; ratios less so.
            """
    )

    @Option(help: "Events to measure in each part.")
    var events = 1_000_000

    @Option(help: "The size of each event in bytes.")
    var eventBytes = 611

    @Flag(help: "Print the figures as JSON.")
    var json = false

    @Option(help: .hidden)
    var workload: String?

    @Option(help: .hidden)
    var bootstrapServers = ""

    @Option(help: .hidden)
    var simulator = ""

    @Flag(help: .hidden)
    var withoutHeaders = false

    func validate() throws {
        guard self.events >= 10_000 else { throw ValidationError("--events must be at least 10000") }
    }

    func run() async throws {
        if let workload = self.workload { return try await self.measure(workload) }
        var comparisons: [BenchReport.Comparison] = []
        for withHeaders in [true, false] { comparisons.append(try self.compare(withHeaders: withHeaders)) }
        let report = BenchReport(
            eventBytes: self.eventBytes,
            eventsPerMessage: BenchWorkload.eventsPerMessage,
            comparisons: comparisons
        )
        if self.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            StandardStream.output.write(line: String(decoding: try encoder.encode(report), as: UTF8.self))
        } else {
            for line in report.lines { StandardStream.output.write(line: line) }
        }
    }

    private func compare(withHeaders: Bool) throws -> BenchReport.Comparison {
        let bridge = try self.inProcesses(.bridge, rate: "unlimited", events: self.events, withHeaders: withHeaders)
        let bare = try self.inProcesses(.bare, rate: "unlimited", events: self.events, withHeaders: withHeaders)
        let tenth = bridge.eventsPerSecond / 10
        var lightLoad = try self.inProcesses(
            .bridge,
            rate: "\(Int(tenth))",
            events: min(self.events, max(10_000, Int(tenth * 10))),
            withHeaders: withHeaders
        )
        lightLoad.name = "bridge at a tenth of that rate"
        return BenchReport.Comparison(
            name: withHeaders ? "headers" : "no headers",
            bridge: bridge,
            bare: bare,
            lightLoad: lightLoad
        )
    }

    /// Broker, simulator and measuring process: three processes, new ones for each part.
    private func inProcesses(
        _ workload: BenchWorkload,
        rate: String,
        events: Int,
        withHeaders: Bool
    ) throws -> BenchResult {
        let broker = try BenchChild(["broker", "--brokers", "3"])
        defer { broker.end() }
        let simulator = try BenchChild([
            "simulate", "--tenant", "bench:bench-client:bench-secret", "--rate", rate, "--event-bytes",
            "\(self.eventBytes)",
            "--resources", "1000",
        ])
        defer { simulator.end() }
        let bootstrapServers = broker.firstLine().split(separator: " ").last.map(String.init) ?? ""
        let address = simulator.firstLine().split(separator: " ").first { $0.hasPrefix("http") }.map(String.init) ?? ""
        guard !bootstrapServers.isEmpty, !address.isEmpty else {
            throw CommandFailure(.unavailable, "the embedded broker or the simulator did not start")
        }
        let worker = try BenchChild(
            [
                "bench", "--workload", workload.rawValue, "--bootstrap-servers", bootstrapServers, "--simulator",
                address,
                "--events", "\(events)",
            ] + (withHeaders ? [] : ["--without-headers"])
        )
        defer { worker.end() }
        return try JSONDecoder().decode(BenchResult.self, from: try worker.wholeOutput())
    }

    private func measure(_ name: String) async throws {
        guard let workload = BenchWorkload(rawValue: name) else {
            throw CommandFailure(.usage, "there is no workload '\(name)'")
        }
        let directory = NSTemporaryDirectory() + "genesys-kafka-bridge-bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let options = BenchWorkload.Options(
            bootstrapServers: self.bootstrapServers,
            simulator: self.simulator,
            warmUpEvents: self.events / 10,
            events: self.events,
            withHeaders: !self.withoutHeaders,
            directory: directory
        )
        let result =
            switch workload {
            case .bridge: try await BenchWorkload.runBridge(options)
            case .bare: try await BenchWorkload.runBare(options)
            }
        StandardStream.output.write(line: String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }
}
