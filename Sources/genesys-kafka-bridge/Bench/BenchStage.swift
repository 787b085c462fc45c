import Foundation

/// Where one measurement takes place: broker, simulator and measuring process, each a process of its own and new for each measurement.
struct BenchStage {
    /// The size of each event in bytes.
    var eventBytes: Int
    /// A real cluster; nil: an embedded broker.
    var cluster: String?
    /// How long each measurement takes, at least.
    var leastSeconds = 0

    private func simulator(of variant: BenchVariant, rate: String) -> [String] {
        let arguments = ["simulate", "--tenant", "\(BenchOptions.tenant):bench-client:bench-secret"]
        guard variant.channels == nil else {
            let resources = "\(BenchOptions.channelResourceCount)"
            return arguments + ["--protocol", "channels", "--topic-rate", rate, "--resources", resources]
        }
        return arguments + ["--rate", rate, "--event-bytes", "\(self.eventBytes)", "--resources", "1000"]
    }

    /// Runs `workload`.
    ///
    /// - Parameter rate: of the simulator, as its command takes it; with channels, of each topic.
    func measure(_ workload: BenchWorkload, _ variant: BenchVariant, rate: String, events: Int) throws -> BenchResult {
        let broker = try self.cluster == nil ? BenchChild(["broker", "--brokers", "3"]) : nil
        defer { broker?.end() }
        let simulator = try BenchChild(self.simulator(of: variant, rate: rate))
        defer { simulator.end() }
        let embedded = broker?.firstLine().split(separator: " ").last.map(String.init)
        let address = simulator.firstLine().split(separator: " ").first { $0.hasPrefix("http") }.map(String.init) ?? ""
        guard let bootstrapServers = self.cluster ?? embedded, !bootstrapServers.isEmpty, !address.isEmpty else {
            throw CommandFailure(.unavailable, "the embedded broker or the simulator did not start")
        }
        let text = String(decoding: try JSONEncoder().encode(variant), as: UTF8.self)
        let worker = try BenchChild(
            [
                "bench", "--workload", workload.rawValue, "--bootstrap-servers", bootstrapServers, "--simulator",
                address, "--events", "\(events)", "--seconds", "\(self.leastSeconds)", "--variant", text,
            ] + (self.cluster == nil ? [] : ["--real-cluster"])
        )
        defer { worker.end() }
        return try JSONDecoder().decode(BenchResult.self, from: try worker.wholeOutput())
    }
}
