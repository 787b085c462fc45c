import Testing

@testable import genesys_kafka_bridge

/// What `bench --delivery` configures and prints; its figures are nobody's promise here.
@Suite("The benchmark of the guarantees")
struct DeliveryBenchTests {
    private func options(_ variant: BenchVariant) -> BenchWorkload.Options {
        BenchWorkload.Options(
            bootstrapServers: "127.0.0.1:9092",
            simulator: "http://127.0.0.1:8080",
            warmUpEvents: 1,
            events: 10,
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
        let configuration = try BenchWorkload.configuration(self.options(variant))
        #expect(configuration.delivery.guarantee == guarantee)
        #expect(configuration.delivery.checkpoints.commitInterval == .milliseconds(250))
        #expect(configuration.kafka.properties.contains { $0.description == "compression.type=zstd" })
        let kind: CheckpointStoreKind = guarantee == .exactlyOnce ? .kafkaTopic : .directory
        #expect(configuration.delivery.checkpoints.store == kind)
    }

    @Test(
        "a row has its ratios to bare librdkafka and to at-least-once, and a report without a cluster says what is missing"
    )
    func rows() {
        func result(_ rate: Double) -> BenchResult {
            BenchResult(name: "", events: 1, eventsPerSecond: rate, cpuSecondsPerMillion: 2, peakMebibytes: 1)
        }
        var variant = BenchVariant(withHeaders: true)
        variant.guarantee = .exactlyOnce
        variant.commitMilliseconds = 100
        let row = DeliveryBenchReport.Row(variant, result(90), bare: result(200), atLeastOnce: result(100))
        #expect(row.line == "exactly-once     100 ms   7 headers   none         90         2.00      0.45     0.90")
        let report = DeliveryBenchReport(eventBytes: 611, isExactlyOnceMeasured: false, rows: [row])
        #expect(report.note?.hasPrefix("exactly-once was not measured") == true)
        #expect(DeliveryBenchReport(eventBytes: 611, isExactlyOnceMeasured: true, rows: []).note == nil)
    }
}
