import BridgeCore
import RDKafka
import Testing

@testable import KafkaDelivery

/// Producers that can do nothing more, and commits whose outcome nobody tells. On librdkafka's mock cluster a position that was written is
/// read, committed or not: so "it was committed" is what recovery finds wherever the commit was tried.
@Suite("Transactions of unknown outcome", .serialized, .timeLimit(.minutes(3)))
struct TransactionRecoveryTests {
    private static let stream = TransactionWorld.stream

    /// The transaction after a recovery works, and there was one recovery, not two.
    private static func worksAgain(_ world: TransactionWorld, _ one: TransactionWorld.Instance) async throws {
        let sink = ReportRecorder()
        await one.producer.produce(world.batch(90, ["again"], position: "90"), reportTo: sink)
        await one.producer.settle(Self.stream)
        #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
        #expect(try await world.checkpoint()?.position.value == "90")
        #expect(one.producer.snapshot.recoveries == 1)
    }

    @Test(
        "a fatal producer is replaced; what it had not committed is reported as unknown, and read again (replay-or-acked)"
    )
    func fatal() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                for sequence: UInt64 in 0..<3 {
                    await one.producer.produce(
                        world.batch(sequence, ["\(sequence)"], position: "\(sequence)"),
                        reportTo: sink
                    )
                }
                // librdkafka 2.0.2 aborts the process where it becomes fatal before the broker has answered AddPartitionsToTxn.
                try await TransactionWorld.until { try await world.values().count == 3 }
                await one.producer.makeFatalForTesting()
                #expect(try await sink.reports(3).allSatisfy(\.isUnknown))
                #expect(try await world.checkpoint() == nil)
                try await Self.worksAgain(world, one)
            }
        }
    }

    @Test("a producer that becomes fatal while nothing is open is replaced all the same (no-dead-wait)")
    func fatalWhileIdle() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                await one.producer.makeFatalForTesting()
                try await TransactionWorld.until { one.producer.snapshot.recoveries == 1 }
                try await Self.worksAgain(world, one)
            }
        }
    }

    @Test(
        "a commit that nobody answers is found out by reading: it was committed, and is acknowledged (commit-after-ack)"
    )
    func unansweredCommit() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", uncertainAfter: .milliseconds(1_500))
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                let lost = Array(repeating: KafkaErrorCode.transport, count: 1_000)
                try world.kafka.pushRequestErrors(.endTransaction, lost)
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
                #expect(one.producer.snapshot.recoveries == 1 && one.producer.snapshot.commits == 1)
                try world.kafka.clearRequestErrors(.endTransaction)
                try await Self.worksAgain(world, one)
            }
        }
    }

    @Test(
        "a producer that becomes fatal during its commit is replaced once, and the commit found out (commit-after-ack)"
    )
    func fatalDuringCommit() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                try world.kafka.pushRequestErrors(.endTransaction, Array(repeating: .transport, count: 1_000))
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                try await TransactionWorld.until { try await world.checkpoint() != nil }
                await one.producer.makeFatalForTesting()
                #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
                try world.kafka.clearRequestErrors(.endTransaction)
                try await Self.worksAgain(world, one)
            }
        }
    }

    @Test(
        "a commit that the brokers were away for, before it wrote its position, is found out as not committed (replay-or-acked)"
    )
    func brokersAway() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", uncertainAfter: .milliseconds(500))
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                try await TransactionWorld.until { try await world.values() == ["a"] }
                // What is not acknowledged is not committed: that would be an abort.
                try await TransactionWorld.until {
                    await one.producer.takeReports()
                    return await !one.producer.machine.hasUnreported
                }
                try world.kafka.setBrokerDown()
                await one.producer.settle(Self.stream)
                try await TransactionWorld.until { one.producer.snapshot.recoveries == 1 }
                #expect(sink.reports.isEmpty, "nobody knows yet")
                try world.kafka.setBrokerUp()
                #expect(try await sink.reports(1)[0].isUnknown)
                try await Self.worksAgain(world, one)
            }
        }
    }

    @Test("an abort waits for brokers that are away, and ends when they are back (no-dead-wait)")
    func abortWhileAway() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["message.max.bytes": "2000"])
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                try await TransactionWorld.until { try await world.values() == ["a"] }
                try world.kafka.setBrokerDown()
                let large = String(repeating: "x", count: 5_000)
                await one.producer.produce(world.batch(1, [large], position: "2"), reportTo: sink)
                // Another stream's batch has to wait for the next transaction.
                let others = ReportRecorder()
                let other = world.batch(0, ["x"], of: StreamID(tenant: "acme", stream: "1"), position: "9")
                async let waiting: Void = one.producer.produce(other, reportTo: others)
                try world.kafka.setBrokerUp()
                let reports = try await sink.reports(2)
                #expect(reports.contains(where: \.isUnknown) && reports.contains(where: \.isRefused), "\(reports)")
                await waiting
                await one.producer.settle(StreamID(tenant: "acme", stream: "1"))
                #expect(try await others.reports(1).map(\.outcome) == [.acknowledged])
            }
        }
    }

    @Test(
        "a successor that claims while a recovery makes its producer is found behind it: nothing more is written (one-owner)"
    )
    func claimedDuringRecovery() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", uncertainAfter: .seconds(60))
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                // librdkafka 2.0.2 aborts the process where it becomes fatal before the broker has answered AddPartitionsToTxn.
                try await TransactionWorld.until { try await world.values() == ["a"] }
                // librdkafka asks twice a second.
                let count = 12
                for _ in 0..<count { try world.kafka.pushRequestError(.initProducerID, .transport, broker: 1) }
                await one.producer.makeFatalForTesting()
                // Its first look at the topic is over when it asks for a producer's number.
                try await TransactionWorld.until {
                    try world.kafka.unmetRequestErrorCount(.initProducerID, broker: 1) < count
                }
                try await world.claim("two", epoch: 2)
                #expect(try world.kafka.unmetRequestErrorCount(.initProducerID, broker: 1) > 0, "it claims before that")
                let lost = await one.store.ownershipLost(of: "acme")
                #expect(
                    lost?.kind == .locked && lost?.description.contains("two (epoch 2)") == true,
                    "\(lost?.description ?? "")"
                )
                #expect(try await sink.reports(1)[0].isUnknown)
                let late = ReportRecorder()
                await one.producer.produce(world.batch(1, ["b"], position: "2"), reportTo: late)
                await one.producer.settle(Self.stream)
                #expect(try await late.reports(1)[0].isUnknown)
                #expect(try await world.checkpoint() == nil)
            }
        }
    }

    @Test("a start that is fenced by another one at the same time tries again (no-dead-wait)")
    func fencedStart() async throws {
        try await TransactionWorld.with { world in
            try world.kafka.pushRequestErrors(.initProducerID, [.invalidProducerEpoch])
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
                #expect(one.producer.snapshot.recoveries == 0)
            }
        }
    }
}
