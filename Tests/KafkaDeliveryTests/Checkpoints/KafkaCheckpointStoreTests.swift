import BridgeCore
import Foundation
import Logging
import RDKafka
import Testing

@testable import KafkaDelivery

/// Against librdkafka's mock cluster, or the brokers that `KAFKA_BOOTSTRAP_SERVERS` names.
@Suite("Kafka checkpoint store", .serialized, .timeLimit(.minutes(2)))
struct KafkaCheckpointStoreTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let stream = StreamID(tenant: "acme", stream: "0")

    /// A cluster with a topic of this test's own.
    private struct World {
        let bootstrap: String
        let topic: String
        let embedded: EmbeddedKafka?

        func settings(_ instance: String, tenants: Set<String> = ["acme"]) -> KafkaCheckpointSettings {
            KafkaCheckpointSettings(
                properties: .idempotentProducer(bootstrapServers: self.bootstrap),
                topic: self.topic,
                tenants: tenants,
                instance: instance,
                startTimeout: .seconds(20)
            )
        }

        func open(_ instance: String, tenants: Set<String> = ["acme"]) async throws -> KafkaCheckpointStore {
            try await .open(
                self.settings(instance, tenants: tenants),
                clock: RealClock(),
                logger: KafkaCheckpointStoreTests.quiet
            )
        }

        func contents() async throws -> KafkaCheckpointStore.Contents {
            try await KafkaCheckpointStore.contents(
                self.settings("reader"),
                clock: RealClock(),
                logger: KafkaCheckpointStoreTests.quiet
            )
        }

        /// Writes a record as anybody could.
        func write(_ key: String, _ value: String) async throws {
            let producer = try KafkaRecordProducer(
                configuration: .idempotentProducer(bootstrapServers: self.bootstrap),
                clock: RealClock(),
                logger: KafkaCheckpointStoreTests.quiet
            )
            let bytes = Array((key + value).utf8)
            let (keyLength, length) = (UInt32(key.utf8.count), UInt32(value.utf8.count))
            let record = KafkaRecord(
                route: 0,
                key: ByteRange(offset: 0, length: keyLength),
                value: ByteRange(offset: keyLength, length: length),
                id: ByteRange(offset: 0, length: 0),
                subject: nil,
                time: nil,
                timestampMilliseconds: 0
            )
            let write = CheckpointWrite()
            let batch = RecordBatch(
                sequence: 0,
                bytes: MessageBytes(bytes),
                routes: RecordRoutes([RecordRoute(kafkaTopic: self.topic, headers: [])]),
                records: [record]
            )
            await producer.produce(batch, reportTo: write)
            #expect(await write.outcome() == .acknowledged)
            await producer.close(flushTimeout: .seconds(5))
        }
    }

    /// The brokers to use instead of the embedded one.
    private static let realBootstrap = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]

    /// Runs `body` in a world whose checkpoint topic has `policy`, or is missing, and removes the topic.
    private func inWorld(policy: String? = "compact", _ body: (World) async throws -> Void) async throws {
        let topic = "checkpoints-\(UUID().uuidString.prefix(8))"
        guard let bootstrap = Self.realBootstrap else {
            let kafka = try EmbeddedKafka(brokerCount: 1)
            if policy != nil { try kafka.createTopic(topic, partitionCount: 3) }
            try await body(World(bootstrap: kafka.bootstrapServers, topic: topic, embedded: kafka))
            return await kafka.close()
        }
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": bootstrap])
        if let policy {
            let wanted = KafkaNewTopic(name: topic, partitionCount: 3, properties: ["cleanup.policy": policy])
            #expect(try await admin.createTopics([wanted], timeout: .seconds(20)) == [:])
        }
        var failure: (any Error)?
        do { try await body(World(bootstrap: bootstrap, topic: topic, embedded: nil)) } catch { failure = error }
        _ = try await admin.deleteTopics([topic], timeout: .seconds(20))
        await admin.close()
        if let failure { throw failure }
    }

    /// Runs the store beside `body`.
    private func running(_ store: KafkaCheckpointStore, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            defer { group.cancelAll() }
            try await body()
        }
    }

    private func checkpoint(_ value: String, kind: Position.Kind = .lastEventId) -> Checkpoint {
        Checkpoint(position: Position(kind: kind, value: value), batchID: "b-1")
    }

    private func plan(_ event: String) -> SubscriptionPlan {
        SubscriptionPlan(streams: [
            .init(name: "0", topics: [SubscriptionTopic(event: event, resourceID: "r-1", allowUnfiltered: true)])
        ])
    }

    @Test(
        "what was committed is read back by the next instance, whatever the position contains (S2.2, replay-or-acked)"
    )
    func roundTrip() async throws {
        try await self.inWorld { world in
            let odd = [
                "plain", "\"q\" \\ + / = & é \u{1F600} \n", "\u{0}", "e\u{301}", "",
                String(repeating: "x", count: 10_000),
            ]
            for (index, value) in odd.enumerated() {
                let store = try await world.open("i-\(index)")
                try await store.commit(self.checkpoint("older"), of: Self.stream)
                try await store.commit(self.checkpoint(value, kind: .timestamp), of: Self.stream)
                try await store.commitPlan(self.plan("e\(index)"), of: "acme")
                // Killed, not closed.
                await store.abandon()
                let next = try await world.open("next-\(index)")
                #expect(try await next.load(Self.stream) == self.checkpoint(value, kind: .timestamp))
                #expect(try await next.loadPlan(of: "acme") == self.plan("e\(index)"))
                #expect(try await next.load(StreamID(tenant: "acme", stream: "1")) == nil)
                await next.close()
            }
        }
    }

    @Test("a reset position is gone for the next instance, and for it alone")
    func reset() async throws {
        try await self.inWorld { world in
            let store = try await world.open("one")
            try await store.commit(self.checkpoint("p"), of: Self.stream)
            try await store.commit(self.checkpoint("q"), of: StreamID(tenant: "acme", stream: "1"))
            try await store.reset(Self.stream)
            await store.close()
            let next = try await world.open("two")
            #expect(try await next.load(Self.stream) == nil)
            #expect(try await next.load(StreamID(tenant: "acme", stream: "1")) == self.checkpoint("q"))
            await next.close()
        }
    }

    @Test(
        "a record that cannot be used stops its stream with the way out, never a start from nothing; the others go on"
    )
    func unreadable() async throws {
        try await self.inWorld { world in
            let store = try await world.open("one")
            try await store.commit(self.checkpoint("p"), of: Self.stream)
            try await store.commit(self.checkpoint("q"), of: StreamID(tenant: "acme", stream: "1"))
            await store.close()
            try await world.write("acme/0", #"{"version":2,"position":"new"}"#)
            try await world.write("acme/plan", "garbage")
            let next = try await world.open("two")
            let error = await #expect(throws: CheckpointStoreError.self) { _ = try await next.load(Self.stream) }
            #expect(error?.kind == .unreadable)
            for words in ["acme/0", world.topic, "has version 2", "checkpoints"] {
                #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            }
            await #expect(throws: CheckpointStoreError.self) { _ = try await next.loadPlan(of: "acme") }
            #expect(try await next.load(StreamID(tenant: "acme", stream: "1")) == self.checkpoint("q"))
            await next.close()
        }
    }

    @Test("an owner record of a newer build is not overwritten: its tenant stands still, the others go on (one-owner)")
    func newerOwner() async throws {
        try await self.inWorld { world in
            try await world.write("acme/owner", #"{"version":9}"#)
            let store = try await world.open("one", tenants: ["acme", "beta"])
            let error = await #expect(throws: CheckpointStoreError.self) { _ = try await store.load(Self.stream) }
            #expect(error?.kind == .unreadable && error?.description.contains("has version 9") == true)
            #expect(try await store.load(StreamID(tenant: "beta", stream: "0")) == nil)
            await store.close()
        }
    }

    @Test("an instance whose tenant another one claims commits nothing more for it, and says who has it (one-owner)")
    func successor() async throws {
        try await self.inWorld { world in
            let first = try await world.open("first", tenants: ["acme", "beta"])
            try await self.running(first) {
                try await first.commit(self.checkpoint("p"), of: Self.stream)
                let second = try await world.open("second")
                #expect(try await second.load(Self.stream) == self.checkpoint("p"))
                var refusal: CheckpointStoreError?
                while refusal == nil {
                    do {
                        try await first.commit(self.checkpoint("zombie"), of: Self.stream)
                    } catch let error as CheckpointStoreError {
                        refusal = error
                    }
                }
                #expect(refusal?.kind == .locked)
                #expect(refusal?.description.contains("second (epoch 2)") == true, "\(refusal?.description ?? "")")
                try await first.commit(self.checkpoint("b"), of: StreamID(tenant: "beta", stream: "0"))
                try await second.commit(self.checkpoint("q"), of: Self.stream)
                await second.close()
            }
            await first.close()
            let third = try await world.open("third")
            #expect(try await third.load(Self.stream) == self.checkpoint("q"), "the zombie's writes are not used")
            await third.close()
        }
    }

    @Test("a producer that became fatal is replaced, and commits go on")
    func fatal() async throws {
        try await self.inWorld { world in
            let store = try await world.open("one")
            try await self.running(store) {
                store.makeFatalForTesting()
                var isCommitted = false
                while !isCommitted {
                    isCommitted = (try? await store.commit(self.checkpoint("p"), of: Self.stream)) != nil
                }
            }
            await store.close()
            let next = try await world.open("two")
            #expect(try await next.load(Self.stream) == self.checkpoint("p"))
            await next.close()
        }
    }

    @Test(
        "a commit that Kafka does not take ends with the task that waits for it (bounded-stop)",
        .enabled(if: Self.realBootstrap == nil, "needs a broker that can be stopped")
    )
    func cancelled() async throws {
        try await self.inWorld { world in
            let kafka = try #require(world.embedded)
            let store = try await world.open("one")
            try kafka.setBrokerDown()
            let committing = Task { try await store.commit(self.checkpoint("p"), of: Self.stream) }
            committing.cancel()
            await #expect(throws: CheckpointStoreError.self) { try await committing.value }
            await store.close()
            try kafka.setBrokerUp()
        }
    }

    @Test(
        "a topic that is missing where none can be created is told at the start, with the command",
        .enabled(if: Self.realBootstrap == nil, "needs a cluster that creates no topics")
    )
    func missing() async throws {
        try await self.inWorld(policy: nil) { world in
            let error = await #expect(throws: CheckpointStoreError.self) { _ = try await world.open("one") }
            #expect(error?.kind == .unavailable)
            #expect(error?.description.contains("kafka-topics.sh") == true, "\(error?.description ?? "")")
        }
    }

    @Test("brokers that do not answer are told at the start")
    func silentBrokers() async throws {
        var settings = World(bootstrap: "127.0.0.1:1", topic: "checkpoints", embedded: nil).settings("one")
        settings.startTimeout = .milliseconds(300)
        let silent = await #expect(throws: CheckpointStoreError.self) {
            _ = try await KafkaCheckpointStore.open(settings, clock: RealClock(), logger: Self.quiet)
        }
        #expect(silent?.description.contains("no broker can be used") == true, "\(silent?.description ?? "")")
    }

    @Test(
        "a topic that is missing is created, compacted, by a start; who only looks is told, and creates nothing",
        .enabled(if: Self.realBootstrap != nil, "needs a cluster that creates topics")
    )
    func created() async throws {
        try await self.inWorld(policy: nil) { world in
            let admin = try KafkaAdmin(configuration: ["bootstrap.servers": world.bootstrap])
            let contents = try await world.contents()
            #expect(contents.isTopicMissing && contents.archive.checkpoints.isEmpty)
            #expect(try await admin.metadata(timeout: .seconds(20)).topic(world.topic) == nil)
            let store = try await world.open("one")
            try await store.commit(self.checkpoint("p"), of: Self.stream)
            await store.close()
            let properties = try await admin.properties(of: .topic(world.topic), timeout: .seconds(20))
            #expect(properties["cleanup.policy"] == "compact")
            let after = try await world.contents()
            #expect(!after.isTopicMissing && after.archive.checkpoints.map(\.checkpoint.position) == ["p"])
            await admin.close()
        }
    }

    @Test(
        "a topic that is not compacted ends the start with the way out, and is left as it is",
        .enabled(if: Self.realBootstrap != nil, "needs a cluster that tells the properties of a topic"),
        arguments: ["delete", "compact,delete"]
    )
    func notCompacted(policy: String) async throws {
        try await self.inWorld(policy: policy) { world in
            let error = await #expect(throws: CheckpointStoreError.self) { _ = try await world.open("one") }
            #expect(error?.kind == .unavailable)
            for words in ["cleanup.policy=\(policy)", "kafka-configs.sh", "--entity-name \(world.topic)"] {
                #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            }
        }
    }
}
