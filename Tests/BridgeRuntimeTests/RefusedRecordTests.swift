import BridgeCore
import BridgeRuntime
import Synchronization
import Testing

// What becomes of records that Kafka refuses.

extension StreamPipelineTests {
    /// 100 messages of three events.
    private func source() -> FakeSource {
        let source = FakeSource(messageCount: Self.count / 3)
        source.state.withLock { $0.eventsPerMessage = 3 }
        return source
    }

    @Test(
        "of a refused request the one refused alone goes to the dead letters, the others to their topic (no-silent-loss)"
    )
    func refusedRecords() async {
        let kafka = FakeKafka(refusing: ["t e50", "t e51", "t e200"])
        let store = FakeStore(initial: "-1")
        let pipeline = self.pipeline(self.source(), kafka, store)
        await self.run(pipeline) { store.commits.last == "99" }
        #expect(Self.firsts(kafka.log) == Self.events(0..<Self.count).filter { !["e50", "e51", "e200"].contains($0) })
        #expect(Self.firsts(kafka.notices) == ["d e50", "d e51", "d e200"])
        #expect(kafka.refusedCalls == 6, "each once among others and once alone")
        #expect(pipeline.telemetry.snapshot.eventsDeadLettered >= 3)
        let commits = store.commits.compactMap(Int.init)
        #expect(commits == commits.sorted(), "position-monotonic")
    }

    @Test("nothing is committed before the dead letter of a refused record is acknowledged (commit-after-ack)")
    func refusedDeadLetter() async {
        let kafka = FakeKafka(refusing: ["t e50", "d e50"])
        let store = FakeStore(initial: "-1")
        let pipeline = self.pipeline(self.source(), kafka, store)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.refusedCalls < 10 { await Task.yield() }
            #expect(store.commits.compactMap(Int.init).allSatisfy { $0 < 16 }, "e50 is in message 16")
            #expect(kafka.notices.isEmpty)
            // The report of the last one may not be entered yet.
            #expect(pipeline.telemetry.snapshot.deliveryFailures >= 9)
            kafka.state.withLock { $0.refused = ["t e50"] }
            while store.commits.last != "99" { await Task.yield() }
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(Self.firsts(kafka.notices) == ["d e50"])
        #expect(Self.firsts(kafka.log) == Self.events(0..<Self.count).filter { $0 != "e50" })
    }

    @Test("with 'retry' a refused record is never set aside, and nothing behind it is committed")
    func retriedRecord() async {
        let kafka = FakeKafka(refusing: ["t e50"])
        let store = FakeStore(initial: "-1")
        let pipeline = self.pipeline(self.source(), kafka, store, onRefused: .retry)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.refusedCalls < 10 { await Task.yield() }
            #expect(store.commits.compactMap(Int.init).allSatisfy { $0 < 16 })
            kafka.state.withLock { $0.refused = [] }
            while store.commits.last != "99" { await Task.yield() }
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(kafka.notices.isEmpty)
        #expect(Self.firsts(kafka.log) == Self.events(0..<Self.count))
    }

    @Test("of a refused topic every event goes to the dead letters after one refusal (no-silent-loss)")
    func refusedTopic() async {
        let kafka = FakeKafka(refusing: Set(Self.events(0..<Self.count).map { "t \($0)" }), .topic)
        let store = FakeStore(initial: "-1")
        await self.run(self.pipeline(self.source(), kafka, store)) { store.commits.last == "99" }
        #expect(kafka.log.isEmpty)
        #expect(Self.firsts(kafka.notices) == Self.events(0..<Self.count).map { "d \($0)" })
        #expect(kafka.refusedCalls == 1)
    }

    @Test(
        "a dead letter that its topic refuses for its size is cut until it fits, and the stream goes on (no-silent-loss)",
        arguments: [[20_000, 700], [700, 20_000]]
    )
    func deadLetterTooLarge(bytes: [Int]) async {
        let source = self.source()
        let (first, second) = (50, 200)
        let sizes = [first: bytes[0], second: bytes[1]]
        source.state.withLock { $0.sizes = sizes }
        let kafka = FakeKafka()
        // The settings would let 1000 through.
        kafka.state.withLock { $0.bytesMax = ["t": 600, "d": 600] }
        let store = FakeStore(initial: "-1")
        await self.run(self.pipeline(source, kafka, store)) { store.commits.last == "99" }
        let whole = FakeConnection.batch(0, events: Self.count, sizes: sizes)
        let values = whole.events.map { whole.bytes.string($0.value) }
        #expect(Self.firsts(kafka.log) == values.filter { $0.utf8.count < 600 })
        #expect(kafka.notices == [first, second].map { "d " + values[$0].prefix(512) })
        let commits = store.commits.compactMap(Int.init)
        #expect(commits == commits.sorted(), "position-monotonic")
    }
}
