import BridgeCore
import BridgeOperations
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Kafka away, with real processes.
@Suite("A broker that is away", .serialized, .lastWords, .timeLimit(.minutes(5)))
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
            let bytesBefore = bridge.anonymousBytes
            var bytesMax = bytesBefore
            if kind == "down" {
                try scene.broker.send(line: "down all")
                _ = try await scene.broker.line(beginningWith: "OK down")
            } else {
                try await scene.freezeBroker()
            }
            var heldMax = 0
            var producedWhenFull: Int?
            try await eventually("a source that is held back for twice what the bound holds") {
                bytesMax = max(bytesMax, bridge.anonymousBytes)
                let held = try await scene.health(bridge).inFlightBytes
                heldMax = max(heldMax, held)
                guard held > 15 << 20 else { return false }
                let produced = try await scene.snapshot().tenants[0].eventsProduced
                producedWhenFull = producedWhenFull ?? produced
                return produced > producedWhenFull! + 2 * (16 << 20) / 611
            }
            #expect(heldMax <= 16 << 20, "bounded-bytes")
            // The bound, what a socket may read ahead, and librdkafka's and the allocator's own: another bound's worth would be too much.
            let growth = (bytesMax - bytesBefore) >> 20
            #expect(bytesBefore > 0 && growth < 2 * 16, "\(growth) MiB more than the \(bytesBefore >> 20) MiB before")
            #expect(bridge.isRunning)
            if kind == "down" {
                try scene.broker.send(line: "up all")
            } else {
                try scene.thawBroker()
            }
            let report = try await scene.conclude(bridge)
            print("outage (\(kind)): \(report.tenants[0]), \(growth) MiB more than the \(bytesBefore >> 20) MiB before")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }
}
