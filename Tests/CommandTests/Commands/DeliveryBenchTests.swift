import Testing

@testable import genesys_kafka_bridge

/// What `bench --delivery` configures and prints; its figures are nobody's promise here.
@Suite("The benchmark of the guarantees")
struct DeliveryBenchTests {
    private func options(_ variant: BenchVariant) -> BenchOptions {
        BenchOptions(
            bootstrapServers: "127.0.0.1:9092",
            simulator: "http://127.0.0.1:8080",
            warmUpEvents: 1,
            events: 10,
            leastTime: .zero,
            variant: variant,
            isRealCluster: false,
            name: "bench-name"
        )
    }

    @Test(
        "each variant is a valid configuration that says what the variant says",
        arguments: DeliveryGuarantee.allCases
    )
    func configuration(guarantee: DeliveryGuarantee) throws {
        let variant = BenchVariant(
            guarantee: guarantee,
            commitMilliseconds: 250,
            withHeaders: false,
            compression: "zstd"
        )
        let configuration = try self.options(variant).configuration()
        #expect(configuration.delivery.guarantee == guarantee)
        #expect(configuration.delivery.checkpoints.commitInterval == .milliseconds(250))
        #expect(configuration.kafka.properties.contains { $0.description == "compression.type=zstd" })
        let kind: CheckpointStoreKind = guarantee == .exactlyOnce ? .kafkaTopic : .directory
        #expect(configuration.delivery.checkpoints.store == kind)
    }

    private func result(_ rate: Double, cpu: Double = 2) -> BenchResult {
        BenchResult(name: "", events: 1, eventsPerSecond: rate, cpuSecondsPerMillion: cpu, peakMebibytes: 1)
    }

    private static let variants: [DeliveryBenchVariant] = {
        let bare = BenchVariant(withHeaders: true)
        var (once, exactly) = (bare, bare)
        (once.commitMilliseconds, exactly.commitMilliseconds) = (100, 100)
        exactly.guarantee = .exactlyOnce
        return [(true, bare), (false, once), (false, exactly), (true, exactly)].map {
            DeliveryBenchVariant(isBare: $0.0, settings: $0.1)
        }
    }()

    @Test("a ratio is the median of the ratios of the rounds, not a ratio of medians")
    func ratios() throws {
        let ratio = try #require(BenchRatio([10, 90, 300], over: [10, 100, 200]))
        #expect((ratio.median, ratio.low, ratio.high) == (1, 0.9, 1.5))
        #expect(ratio.text == "1.00 (0.90 to 1.50)")
        #expect(BenchRatio.median([4, 1, 3, 2]) == 2.5 && BenchRatio.median([7]) == 7 && BenchRatio.median([]) == 0)
        #expect(BenchRatio([1], over: nil) == nil && BenchRatio([], over: []) == nil)
    }

    @Test(
        "a row has its medians and its ratios to what it is compared with, and a report without a cluster says what is missing"
    )
    func rows() throws {
        let rounds = [[200, 100, 90, 150], [400, 300, 240, 300], [100, 100, 95, 100]].map { rates in
            rates.map { self.result($0) }
        }
        let rows = DeliveryBenchReport.Row.all(Self.variants, rounds: rounds)
        #expect(
            rows.map(\.line) == [
                "bare librdkafka   -        7 headers  none         200       2.00     -       -           -",
                "at-least-once     100 ms   7 headers  none         100       2.00     0.75    -           -",
                "exactly-once      100 ms   7 headers  none         95        2.00     0.60    0.80        0.90 (0.80 to 0.95)",
                "bare transactions 100 ms   7 headers  none         150       2.00     0.75    -           -",
            ]
        )
        let report = DeliveryBenchReport(eventBytes: 611, isExactlyOnceMeasured: false, rounds: 3, rows: rows)
        #expect(report.note?.hasPrefix("exactly-once was not measured") == true)
        #expect(
            DeliveryBenchReport(eventBytes: 611, isExactlyOnceMeasured: true, rounds: 1, rows: []).note == nil
        )
    }
}
