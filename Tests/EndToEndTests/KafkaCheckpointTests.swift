import BridgeOperations
import Foundation
import Testing

@testable import genesys_kafka_bridge

/// The bridge with its checkpoints in Kafka, as real processes.
@Suite("A bridge with its checkpoints in Kafka", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct KafkaCheckpointTests {
    @Test("loses nothing and resumes where it had committed, killed again and again (replay-or-acked, order-per-key)")
    func killed() async throws {
        try await Scene.with(.init(rate: 3_000, seed: 11, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            var duplicates: [Int] = []
            for life in 1...6 {
                let bridge = try scene.bridge(life == 3 ? ["--crash-at", "afterAcknowledgeBeforeCommit:9"] : [])
                let target = await scene.delivered() + 700 * life
                try await eventually("the end of a life") {
                    if life == 3 { return !bridge.isRunning }
                    return await scene.delivered() >= target
                }
                bridge.signal(SIGKILL)
                #expect(try await bridge.ended() == SIGKILL, "\(bridge.errors.suffix(1000))")
                duplicates.append(try await scene.report().tenants[0].duplicated - duplicates.reduce(0, +))
            }
            let last = try scene.bridge()
            try await scene.everythingArrives()
            last.signal(SIGTERM)
            #expect(try await last.ended() == 0, "\(last.errors.suffix(1000))")
            let report = try await scene.report()
            #expect(report.isClean && report.unreadable == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "order-per-key")
            #expect(report.tenants[0].duplicated > 0, "kills that repeat nothing would have hit nothing")
            // What is in flight, waits for a commit, or is acknowledged while one is written.
            let settings = scene.settings
            let window = (settings.inFlightBatches + 3 * settings.commitBatches) * settings.maxBatchSize
            #expect(duplicates.count { $0 <= window } > duplicates.count / 2, "\(duplicates)")
        }
    }

    @Test("a second instance takes the tenant over; the first parks, says who has it, and stops well (one-owner)")
    func takenOver() async throws {
        try await Scene.with(.init(rate: 1_000, seed: 12, onRealBrokers: true, checkpointsInKafka: true)) { scene in
            let first = try scene.bridge()
            try await eventually("events") { await scene.delivered() > 500 }
            let second = try scene.bridge()
            try await eventually("the first to park") { try await scene.health(first).state == "parked" }
            let reason = try await scene.health(first).reason ?? ""
            #expect(reason.contains("taken over by") && reason.contains(scene.checkpointTopic), "\(reason)")
            first.signal(SIGTERM)
            #expect(try await first.ended() == 0, "\(first.errors.suffix(1000))")
            try await scene.everythingArrives()
            second.signal(SIGTERM)
            #expect(try await second.ended() == 0, "\(second.errors.suffix(1000))")
            let report = try await scene.report()
            #expect(report.isClean, "\(report)")
        }
    }

    @Test("a topic that is missing where none can be created ends the start with 69 and the command to create it")
    func missing() async throws {
        try await Scene.with(.init(rate: 100)) { scene in
            let bridge = try scene.bridge("kafka") {
                $0.replacingOccurrences(of: "directory: \"\(scene.checkpointDirectory)\"", with: "store: kafkaTopic")
            }
            #expect(try await bridge.ended() == 69)
            #expect(bridge.errors.contains("'genesys-bridge.checkpoints' does not exist"), "\(bridge.errors)")
            #expect(bridge.errors.contains("kafka-topics.sh"), "\(bridge.errors)")
        }
    }
}
