import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Three real processes. The bridge is killed with SIGKILL again and again; the topics are audited.
@Suite("A bridge that is killed", .serialized, .timeLimit(.minutes(10)))
struct KillTests {
    /// What may be delivered twice after one kill: what is in flight, what waits for a commit, and what is acknowledged while a
    /// commit is being written (two full batches of commits).
    private static func window(_ settings: Scene.Settings) -> Int {
        (settings.inFlightBatches + 3 * settings.commitBatches) * settings.maxBatchSize
    }

    /// One life of a bridge: until `isOver`, then what it left behind.
    private func live(
        _ scene: Scene,
        _ arguments: [String] = [],
        until isOver: (RunningProcess) async throws -> Bool
    ) async throws {
        let committedBefore = try scene.committedSequence()
        let duplicatedBefore = try await scene.report().tenants[0].duplicated
        let bridge = try scene.bridge(arguments)
        try await eventually("the end of a life") {
            // It may never show a position behind the one that it started from.
            if let committedBefore {
                let committed = try #require(try scene.committedSequence())
                #expect(committed >= committedBefore, "position-monotonic")
            }
            return try await isOver(bridge)
        }
        bridge.signal(SIGKILL)
        #expect(try await bridge.ended() == SIGKILL, "\(bridge.errors.suffix(1000))")
        let duplicated = try await scene.report().tenants[0].duplicated - duplicatedBefore
        #expect(
            duplicated <= Self.window(scene.settings),
            "duplicates of one restart stay within the uncommitted window"
        )
    }

    @Test(
        "loses nothing and keeps the order, at 20 random moments and at every named crash point (replay-or-acked, order-per-key, position-monotonic)"
    )
    func killLoop() async throws {
        let seed = UInt64.random(in: 1...999_999)
        print("kill loop with seed \(seed)")
        try await Scene.with(.init(rate: 3_000, seed: seed)) { scene in
            var random = SeededRandom(seed: seed)
            for _ in 0..<20 {
                let target = await scene.delivered() + Int.random(in: 1...1_500, using: &random)
                try await self.live(scene) { _ in await scene.delivered() >= target }
            }
            for point in CrashPoint.allCases {
                let passes = Int.random(in: 1...12, using: &random)
                // The bridge kills itself there: a point that is never passed would never end this life.
                try await self.live(scene, ["--crash-at", "\(point.rawValue):\(passes)"]) { !$0.isRunning }
            }
            let last = try scene.bridge()
            try await scene.everythingArrives()
            last.signal(SIGTERM)
            #expect(try await last.ended() == 0, "\(last.errors.suffix(1000))")
            let report = try await scene.report()
            print("kill loop: \(report.tenants[0])")
            #expect(report.isClean && report.unreadable == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "order-per-key")
            #expect(report.tenants[0].duplicated > 0, "kills that repeat nothing would have hit nothing")
            #expect(try scene.committedSequence() == report.tenants[0].sent, "the last commit covers everything")
        }
    }
}
