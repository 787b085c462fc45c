import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

@Suite("Stream pipeline", .timeLimit(.minutes(1)))
struct StreamPipelineTests {
    static let count = 300

    func pipeline(
        _ source: any NotificationSource & SubscriptionValidator & AccessTokenProvider,
        _ kafka: any RecordProducer,
        _ store: FakeStore,
        batches: Int = 16,
        maxStall: Duration = .seconds(60),
        topics: [SubscriptionTopic] = [SubscriptionTopic(event: "e", allowUnfiltered: true)],
        validator: (any SubscriptionValidator)? = nil,
        commitInterval: Duration = .milliseconds(2),
        onRefused: RefusalPolicy = .deadLetter,
        clock: any BridgeClock = SystemClock(),
        silenceLimit: Duration = .seconds(30),
        label: @escaping @Sendable (SubscriptionTopic) -> String = \.label,
        logHandler: any LogHandler = SwiftLogNoOpLogHandler()
    ) -> StreamPipeline {
        StreamPipeline(
            configuration: .init(
                stream: StreamID(tenant: "acme", stream: "0"),
                topics: topics,
                session: SessionPolicy(
                    keepAlive: .init(heartbeatTimeout: nil),
                    backoff: Quick.backoff,
                    refusal: Quick.backoff,
                    maxStall: maxStall
                ),
                delivery: Quick.delivery(
                    batches: batches,
                    commitInterval: commitInterval,
                    onRefused: onRefused,
                    silenceLimit: silenceLimit
                ),
                label: label
            ),
            source: source,
            validator: validator ?? source,
            gate: Quick.gate(clock: clock),
            tokens: source,
            delivery: Quick.parts(kafka, store, clock: clock, logHandler: logHandler)
        )
    }

    /// Runs until `isDone`, then stops and waits for the drain.
    func run(_ pipeline: StreamPipeline, until isDone: @escaping @Sendable () -> Bool) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while !isDone() { await Task.yield() }
            pipeline.stop()
            await group.waitForAll()
        }
    }

    static func events(_ range: Range<Int>) -> [String] { range.map { "e\($0)" } }

    /// First occurrences, in order: what a reader that drops duplicates sees.
    static func firsts(_ log: [String]) -> [String] {
        var seen: Set<String> = []
        return log.filter { seen.insert($0).inserted }
    }

    @Test("every event arrives once and in order, and the last position is committed before the end")
    func happyPath() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore())
        await self.run(self.pipeline(source, kafka, store)) { kafka.log.count == Self.count }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(store.commits.last == "\(Self.count - 1)")
        #expect(store.commits.compactMap(Int.init) == store.commits.compactMap(Int.init).sorted())
    }

    @Test("a stream whose tenant another instance has taken stops reading, commits no more and says why (one-owner)")
    func takenOver() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore())
        store.state.withLock { $0.commitsUntilLost = 3 }
        let pipeline = self.pipeline(source, kafka, store)
        await self.run(pipeline) { pipeline.telemetry.snapshot.status == .parked(reason: "taken over by two") }
        // The fourth was refused: nothing is tried behind it.
        #expect(store.commits.count == 4)
        #expect(pipeline.telemetry.snapshot.commitFailure == "taken over by two")
    }

    @Test("sockets that end in every way are resumed without loss or duplicate (S4.3, S4.5)")
    func reconnects() async {
        let endings: [ConnectionEnd] = [
            .lost(reason: "reset"), .tokenExpired, .throttled(retryAfterSeconds: 0, reason: "429"),
            .lost(reason: "EOF"), .lost(reason: "RST"), .lost(reason: "1001"),
        ]
        let source = FakeSource(messageCount: Self.count, endings: endings.map { (after: 7, end: $0) })
        let (kafka, store) = (FakeKafka(), FakeStore())
        await self.run(self.pipeline(source, kafka, store)) { kafka.log.count >= Self.count }
        #expect(kafka.log == Self.events(0..<Self.count))
        let (resumes, bad) = source.state.withLock { ($0.resumes, $0.badTokens) }
        #expect(resumes == [nil, "6", "13", "20", "27", "34", "41"], "every planned ending happened")
        #expect(bad == [1], "one expired token, one new one")
    }

    @Test("what an inclusive resume sends again is dropped and counted, and so is what has no key (S2.8, S4.9)")
    func inclusive() async {
        let endings = [5, 6, 7].map { (after: $0, end: ConnectionEnd.lost(reason: "reset")) }
        let source = FakeSource(messageCount: Self.count, endings: endings)
        source.state.withLock { $0.isInclusive = true }
        let (kafka, store) = (FakeKafka(), FakeStore())
        let pipeline = self.pipeline(source, kafka, store)
        await self.run(pipeline) { kafka.log.count >= Self.count && source.state.withLock { $0.endings.isEmpty } }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(source.state.withLock { $0.resumes } == [nil, "4", "9", "15"])
        #expect(pipeline.telemetry.snapshot.eventsRepeated == 3)
        #expect(pipeline.telemetry.snapshot.eventsReceived == UInt64(Self.count))
        #expect(pipeline.telemetry.snapshot.eventsWithoutKey == UInt64(Self.count))
    }

    @Test("a message that cannot be read is asked for again; the second time it is dead-lettered, with a gap (S2.7)")
    func poison() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore(initial: "9"))
        source.state.withLock { $0.unreadable = [50: 1, 100: 2] }
        let pipeline = self.pipeline(source, kafka, store)
        await self.run(pipeline) { kafka.log.count >= Self.count - 11 }
        #expect(kafka.log == Self.events(10..<100) + Self.events(101..<Self.count), "50 came whole the second time")
        #expect(source.state.withLock { $0.resumes } == ["9", "49", "99"])
        let gap =
            #"g {"tenant":"acme","stream":"0","subscriptions":["e"],"from":"99","to":null,"cause":"poison","#
            + #""certainty":"certain","resolution":"open","noticedAtMilliseconds":"#
        #expect(kafka.notices.count == 2 && kafka.notices.first == "d poison", "\(kafka.notices)")
        #expect(kafka.notices.last?.hasPrefix(gap) == true, "\(kafka.notices)")
        #expect(pipeline.telemetry.snapshot.messagesDeadLettered == 1)
        #expect(pipeline.telemetry.snapshot.gaps == ["poison": 1])
        #expect(store.commits.last == "\(Self.count - 1)")
    }

    @Test(
        "a start at the server's present, and a lost position, are gaps before anything that comes then (S2.2, S4.10)"
    )
    func gaps() async {
        let source = FakeSource(messageCount: Self.count, endings: [(after: 7, end: .positionLost(reason: "410"))])
        let (kafka, store) = (FakeKafka(), FakeStore())
        await self.run(self.pipeline(source, kafka, store)) { kafka.log.count == Self.count }
        #expect(source.state.withLock { $0.resumes } == [nil, nil])
        #expect(kafka.notices.count == 2)
        #expect(kafka.notices.first?.contains(#""from":null,"to":null,"cause":"missing-checkpoint""#) == true)
        #expect(kafka.notices.last?.contains(#""from":"6","to":null,"cause":"position-lost""#) == true)
    }

    @Test("no position is committed before the gap in front of it is acknowledged (no-silent-loss)")
    func gapBeforePosition() async {
        let (source, store) = (FakeSource(messageCount: Self.count), FakeStore())
        // The first batch is the gap's record; it stays unacknowledged.
        let kafka = FakeKafka { $0 == 0 ? .hold : .acknowledge }
        await self.run(self.pipeline(source, kafka, store, batches: Self.count + 2)) {
            guard kafka.log.count == Self.count else { return false }
            #expect(store.commits.isEmpty)
            kafka.releaseHeld()
            return true
        }
        #expect(store.commits.last == "\(Self.count - 1)")
    }

    @Test("the closing record of a subscription that is back is written again where it was discarded (no-silent-loss)")
    func discardedClosing() async {
        let topics = ["e", "f"].map { SubscriptionTopic(event: $0, allowUnfiltered: true) }
        let source = FakeSource(messageCount: Self.count, endings: [(after: 7, end: .tokenExpired)])
        // The first record opens the gap, seven messages follow; the ninth closes it, behind the new token's pre-flight.
        let kafka = FakeKafka { $0 == 8 ? .unknown(isWritten: false) : .acknowledge }
        let store = FakeStore(initial: "-1")
        let validator = ScriptedValidator(refusing: [[topics[1]]])
        let pipeline = self.pipeline(source, kafka, store, topics: topics, validator: validator)
        await self.run(pipeline) { kafka.log.count >= Self.count }
        #expect(pipeline.telemetry.snapshot.deliveryFailures > 0)
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(kafka.notices.count == 2, "\(kafka.notices)")
        #expect(
            kafka.notices.first?.contains(#""subscriptions":["f"],"from":"-1","to":null,"cause":"unsubscribed""#)
                == true
        )
        #expect(
            kafka.notices.last?.contains(#""subscriptions":["f"],"from":"-1","to":"6","cause":"unsubscribed""#) == true
        )
    }

    @Test("the committed position is where a new process starts (S4.3)")
    func resumesFromStore() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore(initial: "99"))
        await self.run(self.pipeline(source, kafka, store)) { kafka.log.count == Self.count - 100 }
        #expect(kafka.log == Self.events(100..<Self.count))
    }

    @Test("a delivery of unknown outcome is repeated from the committed position; nothing overtakes it (order-per-key)")
    func unknownOutcome() async {
        for isWritten in [true, false] {
            let source = FakeSource(messageCount: Self.count)
            let kafka = FakeKafka { call in
                [40, 80, 200].contains(call) ? .unknown(isWritten: isWritten) : .acknowledge
            }
            let store = FakeStore()
            let pipeline = self.pipeline(source, kafka, store)
            await self.run(pipeline) { kafka.log.last == "e\(Self.count - 1)" }
            #expect(Self.firsts(kafka.log) == Self.events(0..<Self.count))
            #expect(pipeline.telemetry.snapshot.deliveryFailures >= 3)
            let commits = store.commits.compactMap(Int.init)
            #expect(commits == commits.sorted(), "position-monotonic")
            #expect(commits.last == Self.count - 1)
        }
    }

    @Test(
        "a stop behind a failed delivery leaves something to the source, and says so; another does not (bounded-stop)",
        arguments: [true, false]
    )
    func leftToSource(isFailing: Bool) async {
        let source = FakeSource(messageCount: 30)
        let kafka = FakeKafka { call in isFailing && call >= 20 ? .unknown(isWritten: false) : .acknowledge }
        let pipeline = self.pipeline(source, kafka, FakeStore())
        await self.run(pipeline) {
            isFailing ? pipeline.telemetry.snapshot.deliveryFailures > 0 : kafka.log.count == 30
        }
        #expect(pipeline.telemetry.snapshot.isLeftToSource == isFailing)
    }

    @Test(
        "nothing is committed that is not acknowledged, and the socket is held back (S3.3, commit-after-ack, bounded-bytes)"
    )
    func heldAcknowledgements() async {
        let source = FakeSource(messageCount: Self.count)
        let kafka = FakeKafka { call in call < 5 ? .acknowledge : .hold }
        let store = FakeStore(initial: "-1")
        let pipeline = self.pipeline(source, kafka, store, batches: 16)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.calls < 21 || store.commits.last != "4" { await Task.yield() }
            // 5 acknowledged, 16 in flight: the window is full, whatever the source has.
            for _ in 0..<1000 { await Task.yield() }
            #expect(kafka.calls == 21)
            #expect(store.commits.last == "4")
            #expect(pipeline.telemetry.snapshot.heldBatches == 16)
            group.addTask {
                while !Task.isCancelled {
                    kafka.releaseHeld()
                    await Task.yield()
                }
            }
            while kafka.log.count < Self.count { await Task.yield() }
            pipeline.stop()
            await group.next()
            group.cancelAll()
        }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(store.commits.last == "\(Self.count - 1)")
    }

    @Test("while a commit is under way, what a crash would repeat is bounded, and the socket is held back (S3.3)")
    func slowCommit() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore(initial: "-1"))
        store.state.withLock { $0.isBlocked = true }
        let pipeline = self.pipeline(source, kafka, store, batches: 16)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.log.count < 32 { await Task.yield() }
            for _ in 0..<1000 { await Task.yield() }
            #expect(kafka.log.count == 32, "16 in flight, 16 behind the write that does not end")
            #expect(store.commits.isEmpty)
            store.state.withLock { $0.isBlocked = false }
            while kafka.log.count < Self.count { await Task.yield() }
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(store.commits.last == "\(Self.count - 1)")
    }

    @Test("a full window is committed without waiting for an interval that is long")
    func fullWindowIsCommitted() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore(initial: "-1"))
        let pipeline = self.pipeline(source, kafka, store, batches: 3, commitInterval: .seconds(3600))
        await self.run(pipeline) { kafka.log.count == Self.count }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(store.commits.last == "\(Self.count - 1)")
    }

    @Test("a stall longer than maxStall closes the socket and resumes without loss (S3.3)")
    func stall() async {
        let source = FakeSource(messageCount: Self.count)
        let kafka = FakeKafka { call in call == 10 ? .hold : .acknowledge }
        let pipeline = self.pipeline(source, kafka, FakeStore(), batches: 4, maxStall: .milliseconds(5))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while (pipeline.telemetry.snapshot.endings["lost"] ?? 0) == 0 { await Task.yield() }
            // On a busy machine a socket may be held back before anything is: whatever is held later is released, too.
            while kafka.log.last != "e\(Self.count - 1)" {
                kafka.releaseHeld()
                await Task.yield()
            }
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(kafka.log == Self.events(0..<Self.count))
        #expect(source.state.withLock { $0.resumes.count } >= 2)
    }

    @Test("a store that fails for a while delays the commit, and nothing else")
    func failingStore() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore(failures: 5))
        let pipeline = self.pipeline(source, kafka, store)
        await self.run(pipeline) { kafka.log.count == Self.count }
        #expect(store.commits.last == "\(Self.count - 1)")
        #expect(store.state.withLock { $0.failuresLeft } == 0)
    }

    @Test("a checkpoint that cannot be read parks the stream; it never starts from nothing")
    func unreadableCheckpoint() async {
        let source = FakeSource(messageCount: 1)
        let error = CheckpointStoreError(kind: .unreadable, description: "file torn")
        let pipeline = self.pipeline(source, FakeKafka(), FakeStore(unreadable: error))
        await self.run(pipeline) { pipeline.telemetry.snapshot.status == .parked(reason: "file torn") }
        #expect(source.state.withLock { $0.resumes.isEmpty })
    }

    @Test("stop drains what is in flight before it commits and ends (bounded-stop)")
    func stopDrains() async {
        let source = FakeSource(messageCount: Self.count)
        let kafka = FakeKafka { _ in .hold }
        let store = FakeStore(initial: "-1")
        let pipeline = self.pipeline(source, kafka, store, batches: 8)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.calls < 8 { await Task.yield() }
            pipeline.stop()
            while pipeline.telemetry.snapshot.status != .draining { await Task.yield() }
            #expect(store.commits.isEmpty)
            kafka.releaseHeld()
            await group.waitForAll()
        }
        #expect(store.commits.last == "7")
        #expect(kafka.log == Self.events(0..<8))
    }

    @Test("a drain that cannot end is ended by cancelling, and commits nothing more (bounded-stop)")
    func stopIsBounded() async {
        let kafka = FakeKafka { _ in .hold }
        let store = FakeStore()
        let pipeline = self.pipeline(FakeSource(messageCount: Self.count), kafka, store, batches: 8)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while kafka.calls < 8 { await Task.yield() }
            pipeline.stop()
            while pipeline.telemetry.snapshot.status != .draining { await Task.yield() }
            group.cancelAll()
            await group.waitForAll()
        }
        #expect(store.commits.isEmpty)
    }

    @Test("deadlines cost a sleep each, not a busy loop")
    func noBusyLoop() async {
        let (source, kafka, store) = (FakeSource(messageCount: Self.count), FakeKafka(), FakeStore())
        let clock = CountingClock()
        await self.run(self.pipeline(source, kafka, store, clock: clock)) {
            kafka.log.count == Self.count && store.commits.last == "\(Self.count - 1)"
        }
        // One for the next ping, a few for commit intervals and their early ends.
        #expect(clock.sleeps < 3 * Self.count, "\(clock.sleeps) sleeps for \(Self.count) messages")
    }
}
