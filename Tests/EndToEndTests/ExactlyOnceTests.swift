import BridgeOperations
import Foundation
import Testing

@testable import genesys_kafka_bridge

/// The bridge with `guarantee: exactly-once`, as real processes, on the embedded broker. Its transactions' calls succeed and isolate nothing:
/// what an aborted transaction has written is read by everybody, positions too. So a duplicate proves nothing here, and a start may begin at a
/// position that was written and not committed: nothing is lost even then, for no position is written in front of its records. What is proved
/// is all the rest: nothing is lost, nothing comes out of order, a start repeats no more than that, and a stop is bounded.
@Suite("A bridge that delivers exactly once", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct ExactlyOnceTests {
    @Test("loses nothing and begins where it had committed, killed again and again (replay-or-acked, order-per-key)")
    func killed() async throws {
        try await Scene.with(.init(rate: 2_000, seed: 21, isExactlyOnce: true)) { scene in
            let duplicates = try await scene.killedLives(4, thirdEndsAt: "afterProduceBeforeAcknowledge:9")
            let last = try scene.bridge()
            let report = try await scene.conclude(last)
            #expect(report.unreadable == 0, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "order-per-key")
            // One transaction is open at a time: a life begins at most that much before the death of the one before it.
            let window = 2 * scene.settings.inFlightBatches * scene.settings.maxBatchSize
            #expect(duplicates.count { $0 <= window } > duplicates.count / 2, "\(duplicates)")
        }
    }

    @Test("a stop commits everything, and the next life repeats nothing (bounded-stop, position-monotonic)")
    func stopped() async throws {
        try await Scene.with(.init(isExactlyOnce: true, drainTimeout: "2m")) { scene in
            for target in [1_000, 3_000] {
                let bridge = try scene.bridge()
                try await eventually("\(target) events in Kafka") { await scene.delivered() >= target }
                bridge.signal(SIGTERM)
                #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
                #expect(bridge.errors.contains("everything received is acknowledged and committed"))
            }
            let last = try scene.bridge()
            let report = try await scene.conclude(last)
            #expect(report.tenants[0].duplicated == 0, "nothing was aborted: \(report)")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }

    @Test("a long interval keeps neither a full window nor a stop waiting (no-dead-wait, bounded-stop)")
    func longInterval() async throws {
        try await Scene.with(.init(isExactlyOnce: true)) { scene in
            let bridge = try scene.bridge("slow") {
                $0.replacingOccurrences(of: "commitInterval: 50ms", with: "commitInterval: 60s")
                    .replacingOccurrences(of: "commitBatches: 4", with: "commitBatches: 1000")
                    .replacingOccurrences(
                        of: "  properties:",
                        with: "  properties:\n    transaction.timeout.ms: 180000"
                    )
            }
            try await eventually("events of many windows") { await scene.delivered() >= 3_000 }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            #expect(bridge.errors.contains("everything received is acknowledged and committed"))
        }
    }

    @Test("a window that is smaller than a message is no deadlock (no-dead-wait)")
    func smallWindow() async throws {
        try await Scene.with(.init(rate: 500, inFlightBatches: 3, isExactlyOnce: true)) { scene in
            let bridge = try scene.bridge("small") {
                $0.replacingOccurrences(of: "  maxMessageBytes:", with: "  maxEventsPerBatch: 2\n  maxMessageBytes:")
            }
            try await eventually("events in Kafka") {
                #expect(bridge.isRunning, "\(bridge.errors)")
                return await scene.delivered() >= 1_000 || !bridge.isRunning
            }
            let report = try await scene.conclude(bridge)
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }

    @Test("ends within its budget when the broker does not answer in the middle of a transaction (bounded-stop)")
    func budget() async throws {
        try await Scene.with(.init(isExactlyOnce: true, drainTimeout: "1s")) { scene in
            let bridge = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            try await scene.freezeBrokerWithSomethingInFlight(bridge)
            bridge.signal(SIGTERM)
            let signalledAt = ContinuousClock.now
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            // A second of budget, and a few for calls that nobody can end; far from the times after which brokers are given up.
            #expect(ContinuousClock.now - signalledAt < .seconds(14))
            #expect(bridge.errors.contains("before everything was acknowledged"))
            try scene.broker.signal(SIGCONT)
            let next = try scene.bridge("next") { $0.replacingOccurrences(of: "level: info", with: "level: debug") }
            try await scene.conclude(next)
        }
    }

    @Test(
        "a broker that is away for longer than a transaction may take is recovered from, without loss (replay-or-acked)"
    )
    func outage() async throws {
        try await Scene.with(.init(rate: 1_000, isExactlyOnce: true)) { scene in
            let bridge = try scene.bridge("impatient") {
                $0.replacingOccurrences(
                    of: "bootstrap.servers:",
                    with: "transaction.timeout.ms: 9000\n    bootstrap.servers:"
                )
            }
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            try scene.broker.send(line: "down all")
            try await eventually("a transaction that is given up") {
                ["a transaction is aborted", "a transaction cannot be aborted yet", "it is replaced"]
                    .contains { bridge.errors.contains($0) }
            }
            try scene.broker.send(line: "up all")
            let report = try await scene.conclude(bridge)
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
        }
    }

    @Test("a second instance takes the tenant over; the first parks, says who has it, and stops well (one-owner)")
    func takenOver() async throws {
        try await Scene.with(.init(rate: 1_000, seed: 22, isExactlyOnce: true)) { scene in
            try await scene.takenOver()
        }
    }

    /// A bridge that must not start: its last words.
    private func refused(_ bridge: RunningProcess) async throws -> Substring {
        #expect(try await bridge.ended() == 78, "\(bridge.errors.suffix(1000))")
        let last = try #require(bridge.errors.split(separator: "\n").last)
        #expect(last.contains("delivery.guarantee: exactly-once needs transactions"), "\(last)")
        #expect(last.contains("at-least-once"), "the way out: \(last)")
        return last
    }

    @Test(
        "rights that this user lacks for it end the start with 78 and the reason (Guarantees: said at start)",
        arguments: [(31, "Cluster authorization failed"), (53, "Transactional Id authorization failed")]
    )
    func withoutRights(code: Int, reason: String) async throws {
        try await Scene.with(.init(rate: 100, isExactlyOnce: true)) { scene in
            try scene.broker.send(line: "error init-producer-id \(code) 1")
            _ = try await scene.broker.line(beginningWith: "OK error")
            #expect(try await self.refused(try scene.bridge()).contains(reason))
        }
    }

    @Test("brokers that know no transactions end the start with 78 and the reason (Guarantees: said at start)")
    func withoutTransactions() async throws {
        try await Scene.with(.init(rate: 100, isExactlyOnce: true)) { scene in
            try await AdminBroker.with(autoCreation: "true") { broker in
                let bridge = try scene.bridge("old") {
                    $0.replacingOccurrences(of: scene.bootstrapServers, with: broker.bootstrapServers)
                }
                #expect(try await self.refused(bridge).contains("not supported"))
            }
        }
    }
}
