import BridgeCore
import RDKafka
import Synchronization
import Testing

@testable import KafkaDelivery

/// The end of a transactional producer, at every moment at which it may come.
@Suite("The end of a transactional producer (bounded-stop)", .serialized, .timeLimit(.minutes(3)))
struct TransactionStopTests {
    private static let stream = TransactionWorld.stream
    /// Calls that nobody can end take a second; this is several times as much as all of them, for busy machines, and a fraction of the
    /// time-outs that a stop must not wait for.
    private static let most = Duration.seconds(15)

    /// Runs an instance until `body` returns; closing it, and the end of its tasks, must take little time.
    private func stop(
        _ world: TransactionWorld,
        _ one: TransactionWorld.Instance,
        when body: @Sendable () async throws -> Void
    ) async throws {
        let stoppedAt = Mutex(ContinuousClock.now)
        try await world.running(one) { () async throws in
            try await body()
            stoppedAt.withLock { $0 = .now }
        }
        let elapsed = ContinuousClock.now - stoppedAt.withLock(\.self)
        #expect(elapsed < Self.most, "bounded-stop")
    }

    @Test("what is open is reported as unknown and not committed, and so is what comes later (bounded-stop)")
    func open() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            let sink = ReportRecorder()
            try await self.stop(world, one) { () async throws in
                for sequence: UInt64 in 0..<3 {
                    await one.producer.produce(world.batch(sequence, ["\(sequence)"], position: "1"), reportTo: sink)
                }
                #expect(sink.reports.isEmpty)
            }
            #expect(sink.reports.count == 3 && sink.reports.allSatisfy(\.isUnknown))
            let late = ReportRecorder()
            await one.producer.produce(world.batch(3, ["late"], position: "1"), reportTo: late)
            await one.producer.settle(Self.stream)
            #expect(try await late.reports(1)[0].isUnknown)
            #expect(try await world.checkpoint() == nil)
        }
    }

    @Test("a commit that is under way while the brokers are away keeps nobody (bounded-stop)")
    func duringCommit() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            let (sink, others) = (ReportRecorder(), ReportRecorder())
            try await self.stop(world, one) { () async throws in
                try world.kafka.setBrokerDown()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                try await TransactionWorld.until { await one.producer.machine.isStepUnderWay }
                // One that waits for the next transaction.
                let other = world.batch(0, ["x"], of: StreamID(tenant: "acme", stream: "1"), position: "9")
                async let waiting: Void = one.producer.produce(other, reportTo: others)
                await one.producer.close()
                await waiting
            }
            #expect(try await sink.reports(1)[0].isUnknown)
            #expect(try await others.reports(1)[0].isUnknown)
            try world.kafka.setBrokerUp()
            #expect(try await world.checkpoint() == nil)
        }
    }

    @Test("an abort that is under way while the brokers are away keeps nobody (bounded-stop)")
    func duringAbort() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["message.max.bytes": "2000"])
            let sink = ReportRecorder()
            try await self.stop(world, one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                try await TransactionWorld.until { try await world.values() == ["a"] }
                try world.kafka.setBrokerDown()
                let large = String(repeating: "x", count: 5_000)
                await one.producer.produce(world.batch(1, [large], position: "2"), reportTo: sink)
                try await TransactionWorld.until { await one.producer.machine.isStepUnderWay }
            }
            #expect(try await sink.reports(2).contains(where: \.isRefused))
            #expect(one.producer.snapshot.aborts == 0 && one.producer.snapshot.recoveries == 0, "closed is closed")
            try world.kafka.setBrokerUp()
        }
    }

    @Test(
        "a recovery that is under way while the brokers are away keeps nobody, and makes no producer afterwards (bounded-stop)"
    )
    func duringRecovery() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            let sink = ReportRecorder()
            try await self.stop(world, one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                // librdkafka 2.0.2 aborts the process where it becomes fatal before the broker has answered AddPartitionsToTxn.
                try await TransactionWorld.until { try await world.values() == ["a"] }
                try world.kafka.setBrokerDown()
                await one.producer.makeFatalForTesting()
                try await TransactionWorld.until { one.producer.snapshot.recoveries == 1 }
            }
            #expect(try await sink.reports(1)[0].isUnknown)
            #expect(one.producer.snapshot.recoveries == 1)
            try world.kafka.setBrokerUp()
            #expect(try await world.checkpoint() == nil)
        }
    }

    @Test(
        "cancelling the caller in front of a transaction that ends reports its batch, and writes nothing (bounded-stop)"
    )
    func cancelledWaiting() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one")
            let (sink, others) = (ReportRecorder(), ReportRecorder())
            try await self.stop(world, one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: nil, endsMessage: false), reportTo: sink)
                let other = StreamID(tenant: "acme", stream: "1")
                await one.producer.produce(world.batch(0, ["x"], of: other, position: "9"), reportTo: others)
                await one.producer.settle(other)
                try await TransactionWorld.until {
                    await one.producer.machine.nextDeadline.map { $0 > Instant() } == true
                }
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await one.producer.produce(world.batch(1, ["y"], of: other, position: "10"), reportTo: others)
                    }
                    group.cancelAll()
                }
                let report = try await others.reports(1)[0]
                #expect(report.isUnknown && report.sequence == 1)
                #expect(try await world.values().contains("y") == false)
            }
        }
    }

    @Test(
        "cancelling the caller half way through its batch aborts the transaction: it must not be committed (commit-after-ack)"
    )
    func cancelledHalfWay() async throws {
        try await TransactionWorld.with { world in
            let one = try await world.open("one", ["queue.buffering.max.messages": "10", "linger.ms": "0"])
            let sink = ReportRecorder()
            try await self.stop(world, one) { () async throws in
                try world.kafka.setBrokerDown()
                let values = (0..<100).map(String.init)
                await withTaskGroup(of: Void.self) { group in
                    group.addTask { await one.producer.produce(world.batch(0, values, position: "1"), reportTo: sink) }
                    while await one.producer.entries.isEmpty { await Task.yield() }
                    group.cancelAll()
                }
                await one.producer.settle(Self.stream)
                try world.kafka.setBrokerUp()
                #expect(try await sink.reports(1)[0].isUnknown)
                #expect(one.producer.snapshot.commits == 0)
                #expect(try await world.checkpoint() == nil)
            }
        }
    }
}
