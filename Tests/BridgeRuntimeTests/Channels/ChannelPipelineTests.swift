import BridgeCore
import BridgeRuntime
import Foundation
import Logging
import Synchronization
import Testing

@Suite("Channel pipeline", .timeLimit(.minutes(1)))
struct ChannelPipelineTests {
    private func pipeline(
        _ channels: FakeChannels,
        _ kafka: FakeKafka,
        _ spool: SpoolStore,
        store: FakeStore = FakeStore(),
        topics: [String] = ["v2.e"],
        policy: SpoolPolicy = SpoolPolicy(retryDelay: .milliseconds(1)),
        drainPatience: Duration = .seconds(60)
    ) -> ChannelPipeline {
        let clock = SystemClock()
        return ChannelPipeline(
            configuration: .init(
                stream: StreamID(tenant: "acme", stream: "0"),
                topics: topics.map { SubscriptionTopic(event: $0, allowUnfiltered: true) },
                channels: ChannelPolicy(
                    pingInterval: .milliseconds(5),
                    pongTimeout: .seconds(60),
                    redial: Quick.backoff,
                    backoff: Quick.backoff
                ),
                spoolStore: spool,
                spool: policy,
                delivery: Quick.delivery(),
                retry: Quick.backoff,
                drainPatience: drainPatience
            ),
            parts: .init(
                source: channels,
                service: channels,
                gate: Quick.gate(clock: clock),
                places: ChannelPlaceLine(count: 1),
                tokens: channels,
                delivery: Quick.parts(kafka, store, clock: clock)
            )
        )
    }

    /// Runs until `body` returns; then stops and waits for the drain, or ends without one.
    private func run(_ pipeline: ChannelPipeline, isKilled: Bool = false, _ body: () async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            await body()
            if isKilled { group.cancelAll() } else { pipeline.stop() }
            await group.waitForAll()
        }
    }

    private func until(_ isTrue: () -> Bool) async {
        while !isTrue() { await Task.yield() }
    }

    private static func gaps(_ kafka: FakeKafka) -> [[String: String]] {
        kafka.notices.filter { $0.hasPrefix("g ") }.map { notice in
            let object = try? JSONSerialization.jsonObject(with: Data(notice.dropFirst(2).utf8)) as? [String: Any]
            return object?.compactMapValues { $0 as? String } ?? [:]
        }
    }

    @Test("every event arrives once and in order, and its place in the spool is committed before the end (C2)")
    func happyPath() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka) = (FakeChannels(), FakeKafka())
            let pipeline = self.pipeline(channels, kafka, .directory(folder))
            await self.run(pipeline) {
                await self.until { channels.isHeard }
                for _ in 0..<30 { channels.publish(10) }
                await self.until { kafka.log.count == 300 }
            }
            #expect(kafka.log == StreamPipelineTests.events(0..<300))
            #expect(Self.gaps(kafka).map { $0["cause"] } == ["missing-checkpoint"], "nobody knows what came before")
            #expect(pipeline.telemetry.snapshot.spool?.entries == 0)
            #expect(!channels.isHeard, "the sockets are closed")
        }
    }

    @Test("a token that the platform refuses is reported, and the next one makes the channel (C9)")
    func refusedToken() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka) = (FakeChannels(refusingTokens: [1, 2]), FakeKafka())
            await self.run(self.pipeline(channels, kafka, .directory(folder))) {
                await self.until { channels.isHeard || Task.isCancelled }
                channels.publish(1)
                await self.until { kafka.log == ["e0"] || Task.isCancelled }
            }
            #expect(kafka.log == ["e0"])
        }
    }

    @Test("what a failed delivery leaves is read from the spool again: the source sends nothing twice (C2)")
    func failedDeliveries() async throws {
        try await SpoolScene.inFolder { folder in
            let channels = FakeChannels()
            let failing: Set<Int> = [3, 9, 10, 40]
            let kafka = FakeKafka { call in failing.contains(call) ? .unknown(isWritten: call == 9) : .acknowledge }
            let pipeline = self.pipeline(channels, kafka, .directory(folder))
            await self.run(pipeline) {
                await self.until { channels.isHeard }
                for _ in 0..<30 { channels.publish(10) }
                await self.until { kafka.log.last == "e299" }
            }
            #expect(StreamPipelineTests.firsts(kafka.log) == StreamPipelineTests.events(0..<300))
            #expect(pipeline.telemetry.snapshot.deliveryFailures >= 4)
            #expect(Self.gaps(kafka).count == 1, "nothing was missed")
        }
    }

    @Test(
        "what Kafka did not have when the process ended is delivered by the next one, with the time between as a gap (C1, C2)"
    )
    func restart() async throws {
        try await SpoolScene.inFolder { folder in
            let channels = FakeChannels()
            let away = FakeKafka { $0 < 5 ? .acknowledge : .hold }
            let first = self.pipeline(channels, away, .directory(folder))
            await self.run(first, isKilled: true) {
                await self.until { channels.isHeard }
                channels.publish(200)
                await self.until { channels.isRead }
            }
            channels.cut()
            let unheardAt = try await Self.moment()
            channels.publish(50)  // Nobody hears these.
            let kafka = FakeKafka()
            let next = self.pipeline(channels, kafka, .directory(folder))
            await self.run(next) {
                await self.until { channels.isHeard }
                channels.publish(10)
                await self.until { kafka.log.last == "e259" }
            }
            let all = StreamPipelineTests.firsts(away.log + kafka.log)
            #expect(all == StreamPipelineTests.events(0..<200) + StreamPipelineTests.events(250..<260))
            let gaps = Self.gaps(kafka).filter { $0["cause"] == "restart" }
            let (from, to) = (Self.time(gaps.first?["from"]), Self.time(gaps.first?["to"]))
            #expect(
                gaps.count == 1 && from.map { $0 < unheardAt } == true && to.map { $0 > unheardAt } == true,
                "\(gaps)"
            )
        }
    }

    /// The wall clock's time, some milliseconds behind whatever was before and in front of whatever follows: times in records are rounded.
    private static func moment() async throws -> Date {
        try await Task.sleep(for: .milliseconds(5))
        let moment = Date()
        try await Task.sleep(for: .milliseconds(5))
        return moment
    }

    private static func time(_ text: String?) -> Date? {
        text.flatMap { try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse($0) }
    }

    @Test("a spool in memory lasts through an outage, and the next process begins its gap where delivery ended (C2)")
    func memory() async throws {
        let (channels, store) = (FakeChannels(), FakeStore())
        let kafka = FakeKafka { call in 5...20 ~= call ? .unknown(isWritten: false) : .acknowledge }
        await self.run(self.pipeline(channels, kafka, .memory, store: store)) {
            await self.until { channels.isHeard }
            channels.publish(100)
            await self.until { kafka.log.last == "e99" }
        }
        #expect(StreamPipelineTests.firsts(kafka.log) == StreamPipelineTests.events(0..<100))
        let kept = try #require(store.commits.last)
        store.state.withLock { $0.initial = Checkpoint(position: Position(kind: .timestamp, value: kept)) }
        let later = FakeKafka()
        await self.run(self.pipeline(channels, later, .memory, store: store)) {
            await self.until { !Self.gaps(later).isEmpty }
        }
        #expect(Self.gaps(later).map { $0["cause"] } == ["restart"])
        let from = try #require(Self.gaps(later).first?["from"])
        // The clock of the second one is another: a millisecond is what is rounded.
        #expect(from.prefix(20) == kept.prefix(20), "\(from) \(kept)")
    }

    @Test(
        "a stop does not wait for a Kafka that is silent: the spool has what it did not take, and the next process delivers it (C2)",
        arguments: [1, 10]
    )
    func stopWithoutKafka(tens: Int) async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, silent) = (FakeChannels(), FakeKafka { $0 < 3 ? .acknowledge : .hold })
            let pipeline = self.pipeline(channels, silent, .directory(folder), drainPatience: .milliseconds(20))
            await self.run(pipeline) {
                await self.until { channels.isHeard }
                // Few are all under way, of many most are in the spool still.
                for _ in 0..<tens { channels.publish(10) }
                await self.until { channels.isRead && silent.state.withLock { !$0.held.isEmpty } }
            }
            let stopped = pipeline.telemetry.snapshot
            #expect(stopped.isLeftInSpool && stopped.eventsReceived == UInt64(10 * tens) && !channels.isHeard)
            let kafka = FakeKafka()
            let next = self.pipeline(channels, kafka, .directory(folder))
            await self.run(next) { await self.until { kafka.log.last == "e\(10 * tens - 1)" } }
            #expect(kafka.log == StreamPipelineTests.events((10 * tens - kafka.log.count)..<10 * tens))
            #expect(kafka.log.count >= 10 * tens - Int(stopped.eventsAcknowledged), "what was not acknowledged")
            #expect(!next.telemetry.snapshot.isLeftInSpool)
        }
    }

    /// Holds ten events back in Kafka while `body` closes the sockets, for longer than the pipeline's patience, and takes them then.
    private func holdBack(_ pipeline: ChannelPipeline, _ channels: FakeChannels, _ kafka: FakeKafka, _ body: () -> Void)
        async
    {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            await self.until { channels.isHeard }
            channels.publish(10)
            await self.until { channels.isRead && kafka.state.withLock { !$0.held.isEmpty } }
            body()
            await self.until { !channels.isHeard }
            try? await Task.sleep(for: .milliseconds(100))
            #expect(!pipeline.telemetry.snapshot.isLeftInSpool)
            while kafka.log.count < 10 || pipeline.telemetry.snapshot.spool?.entries != 0 {
                kafka.releaseHeld()
                await Task.yield()
            }
            pipeline.stop()
            await group.waitForAll()
        }
        #expect(!pipeline.telemetry.snapshot.isLeftInSpool)
    }

    @Test("a stop waits for a silent Kafka where the spool is in memory (C2)")
    func patientStop() async {
        let (channels, kafka) = (FakeChannels(), FakeKafka { _ in .hold })
        let pipeline = self.pipeline(channels, kafka, .memory, drainPatience: .milliseconds(20))
        await self.holdBack(pipeline, channels, kafka) { pipeline.stop() }
    }

    @Test(
        "a stream whose tenant another instance has taken waits for a silent Kafka as long as the process runs (C2, one-owner)"
    )
    func takenOverWithoutKafka() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka, store) = (FakeChannels(), FakeKafka { _ in .hold }, FakeStore())
            let pipeline = self.pipeline(
                channels,
                kafka,
                .directory(folder),
                store: store,
                drainPatience: .milliseconds(20)
            )
            await self.holdBack(pipeline, channels, kafka) { store.state.withLock { $0.successor = "two" } }
        }
    }

    @Test("what Kafka did not take from a spool in memory lies in the gap of the next process (C1, C2)")
    func lostMemory() async throws {
        let (channels, store) = (FakeChannels(), FakeStore())
        let isAway = Mutex(false)
        let kafka = FakeKafka { _ in isAway.withLock { $0 } ? .hold : .acknowledge }
        var lostAt = Date()
        await self.run(self.pipeline(channels, kafka, .memory, store: store), isKilled: true) {
            await self.until { channels.isHeard }
            channels.publish(10)
            await self.until { kafka.log.count == 10 && !store.commits.isEmpty }
            isAway.withLock { $0 = true }
            channels.publish(10)
            await self.until { channels.isRead && kafka.state.withLock { !$0.held.isEmpty } }
            lostAt = (try? await Self.moment()) ?? lostAt
        }
        let kept = try #require(Self.time(store.commits.last))
        #expect(kept < lostAt, "what was read before that was never delivered")
    }

    @Test("a spool that another process has is waited for, and the stream says so until then (one-owner)")
    func lockedSpool() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka) = (FakeChannels(), FakeKafka())
            let pipeline = self.pipeline(channels, kafka, .directory(folder))
            try await SpoolScene.with(folder: folder) { _ in
                await self.run(pipeline) {
                    await self.until { pipeline.telemetry.snapshot.spoolFailure != nil }
                    #expect(!channels.isHeard)
                }
            }
            let second = self.pipeline(channels, kafka, .directory(folder))
            await self.run(second) { await self.until { channels.isHeard } }
            #expect(second.telemetry.snapshot.spoolFailure == nil)
        }
    }

    @Test("a stream whose tenant another instance has taken listens no more, and delivers what it has (one-owner)")
    func takenOver() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka, store) = (FakeChannels(), FakeKafka(), FakeStore())
            let pipeline = self.pipeline(channels, kafka, .directory(folder), store: store)
            await self.run(pipeline) {
                await self.until { channels.isHeard }
                channels.publish(50)
                store.state.withLock { $0.successor = "two" }
                await self.until { pipeline.telemetry.snapshot.status == .parked(reason: "taken over by two") }
                #expect(!channels.isHeard)
            }
            #expect(pipeline.telemetry.snapshot.spool?.entries == 0)
            #expect(kafka.log == StreamPipelineTests.events(0..<kafka.log.count))
        }
    }

    @Test("a record that Kafka refuses goes to the dead letters, and what is behind it is delivered (C2)")
    func refused() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka) = (FakeChannels(), FakeKafka(refusing: ["t e7"]))
            await self.run(self.pipeline(channels, kafka, .directory(folder))) {
                await self.until { channels.isHeard }
                channels.publish(20)
                await self.until { kafka.log.last == "e19" }
            }
            let delivered = StreamPipelineTests.events(0..<20).filter { $0 != "e7" }
            #expect(StreamPipelineTests.firsts(kafka.log) == delivered)
            #expect(kafka.notices.contains("d e7"))
        }
    }

    @Test(
        "topics that change are subscribed beside the living socket, and what is new is a gap until it is observed (C1, C10)"
    )
    func changedTopics() async throws {
        try await SpoolScene.inFolder { folder in
            let (channels, kafka) = (FakeChannels(), FakeKafka())
            let pipeline = self.pipeline(channels, kafka, .directory(folder))
            await self.run(pipeline) {
                await self.until { pipeline.telemetry.snapshot.status == .open }
                pipeline.subscribe(
                    ["v2.e", "v2.f"].map { SubscriptionTopic(event: $0, allowUnfiltered: true) },
                    missedSince: SystemClock().now.advanced(by: .seconds(-60))
                )
                await self.until { channels.subscribed.last == ["v2.f"] }
                // It is observed once the socket was heard behind the server's answer.
                while Self.gaps(kafka).count < 3, !Task.isCancelled {
                    channels.publish(1)
                    try? await Task.sleep(for: .milliseconds(2))
                }
            }
            #expect(channels.channelCount == 1)
            let gaps = Self.gaps(kafka)
            #expect(gaps.map { $0["cause"] } == ["missing-checkpoint", "unsubscribed", "unsubscribed"])
            let times = gaps.dropFirst().flatMap { [Self.time($0["from"]), Self.time($0["to"])] }.compactMap(\.self)
            try #require(times.count == 4)
            #expect(abs(times[0].timeIntervalSince(times[1]) + 60) < 10, "since it may have been there: \(times)")
            #expect(abs(times[2].timeIntervalSince(times[1])) < 0.01 && times[3] >= times[2], "\(times)")
        }
    }
}
