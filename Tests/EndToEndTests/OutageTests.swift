import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Kafka away, with real processes.
@Suite("A broker that is away", .serialized, .timeLimit(.minutes(5)))
struct OutageTests {
    @Test(
        "holds the source back with bounded memory, and everything arrives afterwards (S3.3, bounded-bytes)",
        .enabled(if: !RealKafka.isGiven || RealKafka.processID != nil, "needs KAFKA_BROKER_PID, a broker to stop"),
        arguments: RealKafka.isGiven ? ["stopped process"] : ["stopped process", "down"]
    )
    func outage(kind: String) async throws {
        // In one second the source makes more than the bound holds.
        let settings = Scene.Settings(
            rate: 20_000,
            onRealBrokers: true,
            inFlightBatches: 10_000,
            inFlightBytes: "16MiB",
            maxBatchSize: 100
        )
        try await Scene.with(settings) { scene in
            let bridge = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            if kind == "down" {
                try scene.broker.send(line: "down all")
                _ = try await scene.broker.line(beginningWith: "OK down")
            } else {
                try await scene.freezeBroker()
            }
            try await eventually("a source that is held back for twice what the bound holds") {
                let tenant = try await scene.snapshot().tenants[0]
                return tenant.eventsProduced > tenant.eventsOffered + 2 * (16 << 20) / 611
            }
            let peakMebibytes = bridge.peakBytes >> 20
            #expect(peakMebibytes > 0 && peakMebibytes < 64 + 16, "peak \(peakMebibytes) MiB")
            #expect(bridge.isRunning)
            if kind == "down" {
                try scene.broker.send(line: "up all")
            } else {
                try scene.thawBroker()
            }
            try await scene.everythingArrives()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            let report = try await scene.report()
            print("outage (\(kind)): \(report.tenants[0]), peak \(peakMebibytes) MiB")
            #expect(report.isClean, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }
}
