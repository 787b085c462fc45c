import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Signals, with real processes.
@Suite("A bridge that is asked to stop (bounded-stop)", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct StopTests {
    @Test("drains, commits, exits with 0, and the next one repeats nothing (bounded-stop)")
    func gracefulStop() async throws {
        // However long a busy machine takes: what this test is about is that nothing is left behind.
        try await Scene.with(.init(onRealBrokers: true, drainTimeout: "2m")) { scene in
            for target in [1_000, 3_000] {
                let bridge = try scene.bridge()
                try await eventually("\(target) events in Kafka") { await scene.delivered() >= target }
                bridge.signal(target == 1_000 ? SIGTERM : SIGINT)
                #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            }
            let last = try scene.bridge()
            let report = try await scene.conclude(last)
            #expect(report.tenants[0].duplicated == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }

    @Test(
        "ends within its budget when Kafka does not answer, and commits nothing that is not acknowledged (bounded-stop, commit-after-ack)"
    )
    func budget() async throws {
        try await Scene.with(.init(drainTimeout: "1s")) { scene in
            let bridge = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            try await scene.freezeBrokerWithSomethingInFlight(bridge)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            #expect(bridge.errors.contains("before everything was acknowledged"))
            try scene.thawBroker()
            let next = try scene.bridge()
            try await scene.conclude(next)
        }
    }

    @Test("ends at once at the second signal (bounded-stop)")
    func secondSignal() async throws {
        try await Scene.with(.init(drainTimeout: "10m")) { scene in
            let bridge = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            try await scene.freezeBrokerWithSomethingInFlight(bridge)
            bridge.signal(SIGTERM)
            try await eventually("the drain") { bridge.errors.contains("draining") }
            #expect(bridge.isRunning)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 128 + SIGTERM)
        }
    }
}
