import BridgeCore
import RDKafka
import Testing

@testable import KafkaDelivery

/// What only real transactions show: isolation and fencing. Needs brokers (`KAFKA_BOOTSTRAP_SERVERS`); librdkafka's mock cluster has neither.
@Suite(
    "Transactions of real brokers",
    .serialized,
    .timeLimit(.minutes(3)),
    .enabled(if: TransactionWorld.realBrokers != nil)
)
struct TransactionFencingTests {
    private static let stream = TransactionWorld.stream

    /// Brokers may acknowledge a commit before everybody can read it.
    private func committed(_ world: TransactionWorld) async throws -> [String] {
        try await world.values(isolation: "read_committed")
    }

    @Test(
        "records and positions come to those who read committed with the commit, and never from what is aborted (commit-after-ack)"
    )
    func isolation() async throws {
        try await TransactionWorld.with(real: true) { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a", "b"], position: "1"), reportTo: sink)
                try await TransactionWorld.until { try await world.values() == ["a", "b"] }
                #expect(try await self.committed(world).isEmpty && sink.reports.isEmpty)
                await one.producer.settle(Self.stream)
                #expect(try await sink.reports(1).map(\.outcome) == [.acknowledged])
                try await TransactionWorld.until { try await self.committed(world) == ["a", "b"] }
                #expect(try await world.checkpoint()?.position.value == "1")
                // What the producer leaves behind is ended by its successor in the same process.
                await one.producer.produce(world.batch(1, ["c"], position: "2"), reportTo: sink)
                try await TransactionWorld.until { try await world.values().count == 3 }
                await one.producer.makeFatalForTesting()
                #expect(try await sink.reports(2)[1].isUnknown)
                let again = ReportRecorder()
                await one.producer.produce(world.batch(2, ["c"], position: "2"), reportTo: again)
                await one.producer.settle(Self.stream)
                #expect(try await again.reports(1).map(\.outcome) == [.acknowledged])
                try await TransactionWorld.until { try await self.committed(world) == ["a", "b", "c"] }
                #expect(try await world.values() == ["a", "b", "c", "c"])
            }
        }
    }

    @Test(
        "closing in the middle of a transaction aborts it: readers do not wait, and the next instance writes it again (bounded-stop)"
    )
    func closed() async throws {
        try await TransactionWorld.with(real: true) { world in
            let one = try await world.open("one")
            let sink = ReportRecorder()
            try await world.running(one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                try await TransactionWorld.until { try await world.values() == ["a"] }
            }
            #expect(try await sink.reports(1)[0].isUnknown)
            let two = try await world.open("two")
            try await world.running(two) { () async throws in
                #expect(try await two.store.load(Self.stream) == nil)
                let again = ReportRecorder()
                await two.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: again)
                await two.producer.settle(Self.stream)
                #expect(try await again.reports(1).map(\.outcome) == [.acknowledged])
                try await TransactionWorld.until { try await self.committed(world) == ["a"] }
            }
        }
    }

    @Test(
        "who is fenced finds its successor, says who it is, and writes nothing more; what was open is not there (one-owner)"
    )
    func fenced() async throws {
        try await TransactionWorld.with(real: true) { world in
            let one = try await world.open("one")
            let sink = ReportRecorder()
            try await world.running(one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                _ = try await sink.reports(1)
                await one.producer.produce(world.batch(1, ["zombie"], position: "2"), reportTo: sink)
                try await TransactionWorld.until { try await world.values().contains("zombie") }
                let two = try await world.open("two")
                try await world.running(two) { () async throws in
                    let found = try await two.store.load(Self.stream)?.position.value
                    #expect(found == "1")
                    await one.producer.settle(Self.stream)
                    #expect(try await sink.reports(2)[1].isUnknown)
                    let lost = await one.store.ownershipLost(of: "acme")
                    #expect(lost?.kind == .locked && lost?.description.contains("two (epoch 2)") == true)
                    let commit = await #expect(throws: CheckpointStoreError.self) {
                        let checkpoint = Checkpoint(position: Position(kind: .lastEventId, value: "2"))
                        try await TransactionalCheckpoints(one.store).commit(checkpoint, of: Self.stream)
                    }
                    #expect(commit?.kind == .locked)
                    await one.producer.produce(world.batch(2, ["zombie"], position: "3"), reportTo: sink)
                    #expect(try await sink.reports(3)[2].isUnknown)
                    let mine = ReportRecorder()
                    await two.producer.produce(world.batch(0, ["b"], position: "2"), reportTo: mine)
                    await two.producer.settle(Self.stream)
                    #expect(try await mine.reports(1).map(\.outcome) == [.acknowledged])
                    #expect(two.producer.snapshot.recoveries == 0, "nobody fences the successor")
                }
                try await TransactionWorld.until { try await self.committed(world) == ["a", "b"] }
            }
            let three = try await world.open("three")
            let found = try await three.store.load(Self.stream)?.position.value
            #expect(found == "2")
            try await world.running(three) {}
        }
    }

    @Test(
        "what the one before commits while its successor starts is known to the successor, who repeats nothing (position-monotonic)"
    )
    func raceAtTheStart() async throws {
        try await TransactionWorld.with(real: true) { world in
            let one = try await world.open("one")
            let sink = ReportRecorder()
            try await world.running(one) { () async throws in
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                _ = try await sink.reports(1)
                let two = try await world.open("two") {
                    // The first is fenced, and finds nobody who has claimed: it fences back, and goes on.
                    for sequence: UInt64 in 1...10 where sink.reports.count(where: { $0.outcome == .acknowledged }) < 2
                    {
                        let reports = sink.reports.count
                        let again = ReportRecorder()
                        await one.producer.produce(world.batch(sequence, ["b"], position: "2"), reportTo: again)
                        await one.producer.settle(Self.stream)
                        sink.receive(try await again.reports(1)[0])
                        #expect(sink.reports.count == reports + 1)
                    }
                    #expect(one.producer.snapshot.recoveries == 1 && one.producer.snapshot.commits == 2)
                }
                try await world.running(two) { () async throws in
                    #expect(try await two.store.load(Self.stream)?.position.value == "2")
                    let mine = ReportRecorder()
                    await two.producer.produce(world.batch(0, ["c"], position: "3"), reportTo: mine)
                    await two.producer.settle(Self.stream)
                    #expect(try await mine.reports(1).map(\.outcome) == [.acknowledged])
                    #expect(two.producer.snapshot.recoveries == 0)
                }
                try await TransactionWorld.until { try await self.committed(world) == ["a", "b", "c"] }
            }
        }
    }

    @Test(
        "a start waits for a transaction that somebody else has open: behind it may be the own position (replay-or-acked)"
    )
    func openTransactionOfOthers() async throws {
        try await TransactionWorld.with(real: true) { world in
            let one = try await world.open("one")
            try await world.running(one) { () async throws in
                let sink = ReportRecorder()
                await one.producer.produce(world.batch(0, ["a"], position: "1"), reportTo: sink)
                await one.producer.settle(Self.stream)
                _ = try await sink.reports(1)
            }
            // Somebody else's transaction, open over the end of the checkpoint topic until its time is over.
            let stranger = try KafkaProducer(
                configuration: world.properties(["transactional.id": world.events, "transaction.timeout.ms": "3000"]),
                onFatal: { _ in }
            )
            try await stranger.initTransactions(timeout: .seconds(20))
            try stranger.beginTransaction()
            let topic = try stranger.topic(world.checkpoints)
            let batch = try stranger.beginBatch(
                tag: 0,
                recordCount: 1,
                bytes: MessageBytes(Array("x".utf8)),
                sink: NoSink()
            )
            let record = KafkaByteRange(offset: 0, count: 1)
            _ = stranger.produce(batch) { _ in KafkaRecordDescriptor(topic: topic, key: record, value: record) }
            #expect(await stranger.flush(timeout: .seconds(20)) == 0)
            let two = try await world.open("two")
            let found = try await two.store.load(Self.stream)?.position.value
            #expect(found == "1")
            try await world.running(two) {}
            await stranger.close(flushTimeout: .zero)
        }
    }

    private final class NoSink: KafkaDeliverySink {
        func batchCompleted(_ report: KafkaBatchReport) {}
        func batchIsFailing() {}
    }
}
