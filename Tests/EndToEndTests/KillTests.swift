import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Three real processes. The bridge is killed with SIGKILL again and again; the topics are audited.
@Suite("A bridge that is killed", .serialized, .lastWords, .timeLimit(.minutes(10)))
struct KillTests {
    /// What may be delivered twice after one kill, however long a commit takes: what is in flight, and as much that is acknowledged and
    /// not committed.
    private static func window(_ settings: Scene.Settings) -> Int {
        2 * settings.inFlightBatches * settings.maxBatchSize
    }

    /// What the lives so far have left behind.
    private struct Lives {
        /// What may have been sent behind the committed position at each death: no more than that can be delivered twice.
        var uncommitted = 0
        /// What each life delivered for the second time.
        var duplicates: [Int] = []
    }

    /// One life of a bridge: until `isOver`, then what it left behind.
    private func live(
        _ scene: Scene,
        _ arguments: [String] = [],
        lives: inout Lives,
        until isOver: (RunningProcess) async throws -> Bool
    ) async throws {
        let committedBefore = try scene.committedSequence()
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
        let duplicated = try await scene.report().tenants[0].duplicated
        #expect(duplicated <= lives.uncommitted, "a life begins at the committed position, and nowhere before")
        lives.duplicates.append(duplicated - lives.duplicates.reduce(0, +))
        lives.uncommitted += try await scene.snapshot().tenants[0].eventsOffered - (try scene.committedSequence() ?? 0)
    }

    @Test(
        "loses nothing and keeps the order, at 20 random moments and at every named crash point (replay-or-acked, order-per-key, position-monotonic)"
    )
    func killLoop() async throws {
        let seed = UInt64.random(in: 1...999_999)
        print("kill loop with seed \(seed)")
        try await Scene.with(.init(rate: 3_000, seed: seed, onRealBrokers: true)) { scene in
            var random = SeededRandom(seed: seed)
            var lives = Lives()
            for _ in 0..<20 {
                let target = await scene.delivered() + Int.random(in: 1...1_500, using: &random)
                try await self.live(scene, lives: &lives) { _ in await scene.delivered() >= target }
            }
            for point in CrashPoint.allCases {
                let passes = Int.random(in: 1...12, using: &random)
                // The bridge kills itself there: a point that is never passed would never end this life.
                try await self.live(scene, ["--crash-at", "\(point.rawValue):\(passes)"], lives: &lives) {
                    !$0.isRunning
                }
            }
            let last = try scene.bridge()
            let report = try await scene.conclude(last)
            print("kill loop: \(report.tenants[0])")
            #expect(report.unreadable == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "order-per-key")
            // A commit may take long on a busy machine, but not most of the times.
            let isWithinWindow = lives.duplicates.count { $0 <= Self.window(scene.settings) }
            #expect(isWithinWindow > lives.duplicates.count / 2, "\(lives.duplicates)")
            // What one life left may be read in the next one: the sum is exact.
            #expect(
                report.tenants[0].duplicated <= lives.duplicates.count * Self.window(scene.settings),
                "\(lives.duplicates)"
            )
            #expect(report.tenants[0].duplicated > 0, "kills that repeat nothing would have hit nothing")
            #expect(try scene.committedSequence() == report.tenants[0].sent, "the last commit covers everything")
        }
    }
}
