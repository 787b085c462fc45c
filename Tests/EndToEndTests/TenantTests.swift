import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Several tenants in one process, and one tenant per share, with real processes.
@Suite("Tenants", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct TenantTests {
    @Test("one whose credentials are refused says so, and does not stop another")
    func brokenTenant() async throws {
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex"], wrongSecretOf: "globex")) { scene in
            let bridge = try scene.bridge()
            try await eventually("2000 events of acme in Kafka") { await scene.delivered() >= 2_000 }
            try await eventually("the refusal is said") { bridge.errors.contains("globex") }
            #expect(await scene.audit.delivered("globex") == 0)
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }

    @Test("two shares run each tenant exactly once, and a folder that is in use is refused (one-owner)")
    func shares() async throws {
        // Partitions of 64 by murmur2: "acme" is even, "globex" odd, or the other way round; the test only wants them apart.
        try await Scene.with(.init(rate: 500, tenants: ["acme", "globex", "initech", "umbrella"])) { scene in
            let first = try scene.bridge(["--share", "0/2"])
            // It holds the folder's lock from before its first event on; without this wait either of the two may come first.
            try await eventually("the first instance delivers") { await scene.delivered() > 0 }
            // A second instance with the same folder is refused: each has its own.
            let second = try RunningProcess(["run", "--config", scene.configurationPath, "--share", "1/2"])
            #expect(try await second.ended() == 69)
            #expect(second.errors.contains("in use by another instance"))
            let text = try String(contentsOfFile: scene.configurationPath, encoding: .utf8)
            let path = scene.folder.appendingPathComponent("second.yaml").path
            try text.replacingOccurrences(of: scene.checkpointDirectory, with: scene.checkpointDirectory + "-2")
                .write(toFile: path, atomically: true, encoding: .utf8)
            let third = try RunningProcess(["run", "--config", path, "--share", "1/2"])
            try await scene.everythingArrives()
            for bridge in [first, third] {
                bridge.signal(SIGTERM)
                #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            }
            let report = try await scene.report()
            #expect(report.isClean, "\(report)")
            for tenant in report.tenants {
                #expect(tenant.sent > 0 && tenant.duplicated == 0, "\(tenant)")
            }
        }
    }
}
