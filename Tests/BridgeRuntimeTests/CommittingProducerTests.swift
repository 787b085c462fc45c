import BridgeCore
import BridgeRuntime
import Synchronization
import Testing

// Streams whose producer commits their positions itself.

extension StreamPipelineTests {
    private func source(_ messages: Int, events: Int, inPieces: Bool = false) -> FakeSource {
        let source = FakeSource(messageCount: messages)
        source.state.withLock {
            $0.eventsPerMessage = events
            $0.isInPieces = inPieces
        }
        return source
    }

    /// A pipeline whose transactions never end by time.
    private func committing(
        _ source: any NotificationSource & SubscriptionValidator & AccessTokenProvider,
        _ kafka: CommittingKafka,
        _ store: FakeStore,
        batches: Int = 16
    ) -> StreamPipeline {
        self.pipeline(source, kafka, store, batches: batches, commitInterval: .zero)
    }

    @Test(
        "empty batches go to a producer that commits positions, for theirs; no other sees them (S2.3, position-monotonic)"
    )
    func emptyBatches() async {
        let (kafka, store) = (CommittingKafka(batchesMax: 1), FakeStore(initial: "-1"))
        await self.run(self.committing(self.source(20, events: 0), kafka, store)) { store.commits.last == "19" }
        #expect(kafka.state.withLock { $0.positions } == (0..<20).map(String.init))
        let (other, otherStore) = (FakeKafka(), FakeStore(initial: "-1"))
        await self.run(self.pipeline(self.source(20, events: 0), other, otherStore)) { otherStore.commits.last == "19" }
        #expect(other.calls == 0)
    }

    @Test(
        "a message ends with the last of its batches that is handed over, also where the rest repeats something (S4.8)"
    )
    func repeatedEnd() async {
        func pieces(_ numbers: [Int], position: String) -> [NotificationBatch] {
            numbers.indices.map { index in
                var piece = FakeConnection.batch(numbers[index])
                piece.endsMessage = index == numbers.count - 1
                piece.position = piece.endsMessage ? Position(kind: .lastEventId, value: position) : nil
                return piece
            }
        }
        let source = ScriptedSource([pieces([0, 1], position: "a"), pieces([2, 1], position: "b")])
        let (kafka, store) = (CommittingKafka(batchesMax: 3), FakeStore(initial: "-1"))
        await self.run(self.committing(source, kafka, store)) { kafka.log.count == 3 }
        let batches = kafka.state.withLock { $0.batches }
        #expect(batches.map(\.values) == [["e0"], ["e1"], ["e2"]])
        #expect(batches.map(\.endsMessage) == [false, true, true])
        #expect(batches.map(\.position) == [nil, "a", nil], "position-monotonic")
    }

    @Test(
        "what is refused goes to the dead letters; nothing is committed twice, nothing lost (no-silent-loss)"
    )
    func refusedInTransactions() async {
        // The first of its batch, the last of its batch, and a whole batch.
        let refused: Set<Int> = [30, 50, 120, 121, 122]
        let kafka = CommittingKafka(batchesMax: 4, refusing: Set(refused.map { "t e\($0)" }))
        let store = FakeStore(initial: "-1")
        await self.run(self.committing(self.source(Self.count / 3, events: 3), kafka, store)) {
            kafka.state.withLock { state in
                state.log.count + state.notices.count + state.open.reduce(0) { $0 + $1.batch.records.count }
                    == Self.count
            }
        }
        #expect(store.commits.last == "99")
        #expect(kafka.log == (0..<Self.count).filter { !refused.contains($0) }.map { "e\($0)" })
        let state = kafka.state.withLock { ($0.notices, $0.aborts, $0.positions.compactMap(Int.init), $0.batches) }
        #expect(state.0 == refused.sorted().map { "d e\($0)" })
        #expect(state.1 > refused.count, "each once among others and once alone")
        #expect(state.2 == state.2.sorted())
        #expect(store.commits.compactMap(Int.init) == store.commits.compactMap(Int.init).sorted())
        // The part that ends its batch carries its position; those in front of it are told apart.
        let parts = state.3.map(\.part)
        for part in [RecordBatch.Part.leading(isFirst: true), .leading(isFirst: false), .last, .whole] {
            #expect(parts.contains(part), "\(part)")
        }
    }

    @Test(
        "what is committed of a message in front of a refused record is not committed again when it comes again (exactly-once)"
    )
    func refusedInPieces() async {
        let store = FakeStore(initial: "-1")
        let kafka = CommittingKafka(batchesMax: 4, refusing: ["t e4"], store: store)
        await self.run(self.committing(self.source(10, events: 3, inPieces: true), kafka, store)) {
            store.commits.last == "9"
        }
        #expect(kafka.log == (0..<30).filter { $0 != 4 }.map { "e\($0)" })
        #expect(kafka.state.withLock { $0.notices } == ["d e4"])
    }

    @Test("a window that is smaller than a message ends the transaction that waits for its rest (no-dead-wait)")
    func smallWindow() async {
        let (kafka, store) = (CommittingKafka(batchesMax: 1), FakeStore(initial: "-1"))
        let pipeline = self.committing(self.source(10, events: 30, inPieces: true), kafka, store, batches: 4)
        await self.run(pipeline) { store.commits.last == "9" }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(kafka.state.withLock { $0.settles } >= 10 * (30 / 4))
    }

    @Test("a stop ends the transaction, and does not wait for what would end it otherwise (bounded-stop)")
    func stopEndsTransaction() async {
        let (kafka, store) = (CommittingKafka(batchesMax: 1_000), FakeStore(initial: "-1"))
        await self.run(self.committing(self.source(10, events: 1), kafka, store)) {
            kafka.state.withLock { $0.open.count == 10 }
        }
        #expect(kafka.log == Self.events(0..<10))
        #expect(store.commits.last == "9")
    }

    @Test(
        "a stream whose tenant another instance has taken parks at once, also when it has nothing to commit (one-owner)"
    )
    func ownershipLost() async {
        for messages in [0, 10] {
            let (kafka, store) = (CommittingKafka(batchesMax: 1_000), FakeStore(initial: "-1"))
            let pipeline = self.committing(self.source(messages, events: 1), kafka, store)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await pipeline.run() }
                while kafka.state.withLock({ $0.open.count < messages }) || pipeline.telemetry.snapshot.status != .open
                {
                    await Task.yield()
                }
                store.state.withLock { $0.successor = "two" }
                while pipeline.telemetry.snapshot.status != .parked(reason: "taken over by two") { await Task.yield() }
                pipeline.stop()
                await group.waitForAll()
            }
            #expect(store.commits.isEmpty)
        }
    }
}
