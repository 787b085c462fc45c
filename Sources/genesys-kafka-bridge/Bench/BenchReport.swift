/// What `bench` found; `--json` prints it.
struct BenchReport: Codable {
    /// One comparison: the bridge against bare librdkafka with the same records.
    struct Comparison: Codable {
        /// `headers` or `no headers`.
        var name: String
        /// The whole bridge, socket to acknowledgement.
        var bridge: BenchResult
        /// librdkafka alone: the same records, no WebSocket, no JSON.
        var bare: BenchResult
        /// The bridge at a tenth of its rate.
        var lightLoad: BenchResult
        /// CPU of bare over CPU of the bridge.
        var cpuRatio: Double
        /// Events per second of the bridge over those of bare.
        var rateRatio: Double

        init(name: String, bridge: BenchResult, bare: BenchResult, lightLoad: BenchResult) {
            self.name = name
            self.bridge = bridge
            self.bare = bare
            self.lightLoad = lightLoad
            self.cpuRatio = bare.cpuSecondsPerMillion / max(bridge.cpuSecondsPerMillion, 0.001)
            self.rateRatio = bridge.eventsPerSecond / max(bare.eventsPerSecond, 0.001)
        }
    }

    /// Bytes of each event.
    var eventBytes: Int
    /// Events in each message.
    var eventsPerMessage: Int
    /// With the seven headers, and without.
    var comparisons: [Comparison]

    /// For people.
    var lines: [String] {
        var lines = [
            "\(self.eventBytes)-byte events, \(self.eventsPerMessage) a message, idempotence, acks=all; simulator and embedded "
                + "broker in their own processes",
            "",
            Self.head,
        ]
        for comparison in self.comparisons {
            for result in [comparison.bridge, comparison.bare, comparison.lightLoad] { lines.append(Self.row(result)) }
            lines.append(
                "  bare / bridge in CPU: \(Self.number(comparison.cpuRatio))   "
                    + "bridge / bare in events/s: \(Self.number(comparison.rateRatio))"
            )
            lines.append("")
        }
        return lines
    }

    /// The names of a row's figures.
    static var head: String { self.row(["", "events/s", "CPU s/M", "peak MiB", "p50 ms", "p99 ms"]) }

    /// What was measured, and its figures.
    static func row(_ result: BenchResult) -> String {
        self.row([
            result.name, "\(Int(result.eventsPerSecond))", self.number(result.cpuSecondsPerMillion),
            self.number(result.peakMebibytes), result.p50Milliseconds.map(self.number) ?? "-",
            result.p99Milliseconds.map(self.number) ?? "-",
        ])
    }

    private static func row(_ cells: [String]) -> String {
        cells.enumerated().map { index, cell in
            let width = index == 0 ? 34 : 11
            return cell + String(repeating: " ", count: max(1, width - cell.count))
        }.joined()
    }

    /// With two digits behind the point.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
