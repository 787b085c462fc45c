import BridgeCore
import Foundation
import Logging
import RDKafka
import Testing

@testable import KafkaDelivery

/// A cluster with topics of one test's own: librdkafka's mock cluster, whose transactions isolate nothing, or real brokers.
struct TransactionWorld: Sendable {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    static let stream = StreamID(tenant: "acme", stream: "0")
    /// The brokers that `KAFKA_BOOTSTRAP_SERVERS` names: with transactions, and allowed to be written to.
    static let realBrokers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]

    struct Clock: BridgeClock {
        let origin = ContinuousClock.now
        var now: Instant { Instant().advanced(by: self.origin.duration(to: ContinuousClock.now)) }
        // Brokers delete what is old.
        var wallMilliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
        func sleep(until deadline: Instant) async throws {
            try await ContinuousClock().sleep(for: self.now.duration(to: deadline))
        }
    }

    let bootstrap: String
    let events: String
    let checkpoints: String
    private let cluster: EmbeddedKafka?
    let routes: RecordRoutes

    /// The mock cluster.
    var kafka: EmbeddedKafka {
        get throws { try #require(self.cluster) }
    }

    /// Runs `body` in a world on the mock cluster, or on the real brokers.
    static func with(real: Bool = false, _ body: @Sendable (TransactionWorld) async throws -> Void) async throws {
        let name = "exact-\(UUID().uuidString.prefix(8))"
        if real {
            let bootstrap = try #require(Self.realBrokers)
            let world = TransactionWorld(bootstrap: bootstrap, name: name, cluster: nil)
            let admin = try KafkaAdmin(configuration: KafkaConfiguration([("bootstrap.servers", bootstrap)]))
            let topic = KafkaNewTopic(name: world.events, partitionCount: 1, replicationFactor: nil)
            #expect(try await admin.createTopics([topic], timeout: .seconds(20)).isEmpty)
            await admin.close()
            return try await body(world)
        }
        let kafka = try EmbeddedKafka(brokerCount: 1)
        let world = TransactionWorld(bootstrap: kafka.bootstrapServers, name: name, cluster: kafka)
        try kafka.createTopic(world.events, partitionCount: 1)
        try kafka.createTopic(world.checkpoints, partitionCount: 1)
        try await body(world)
        await kafka.close()
    }

    private init(bootstrap: String, name: String, cluster: EmbeddedKafka?) {
        self.bootstrap = bootstrap
        self.events = "\(name)-events"
        self.checkpoints = "\(name)-checkpoints"
        self.cluster = cluster
        self.routes = RecordRoutes([RecordRoute(kafkaTopic: self.events, headers: [])])
    }

    // MARK: An instance of the bridge

    /// One partition's producer and the store.
    struct Instance: Sendable {
        let producer: TransactionalProducer
        let store: KafkaCheckpointStore
    }

    func properties(_ more: [String: String] = [:]) -> KafkaConfiguration {
        var properties = KafkaConfiguration.idempotentProducer(bootstrapServers: self.bootstrap)
        properties["reconnect.backoff.max.ms"] = "100"
        properties["message.timeout.ms"] = nil
        for (name, value) in more { properties[name] = value }
        return properties
    }

    /// Starts an instance as a process does: producer, claim, fence, checkpoints.
    ///
    /// - Parameters:
    ///   - interval: a transaction ends only when somebody settles, unless one is given.
    ///   - uncertainAfter: when a commit is given up.
    ///   - afterProducer: done when the producer is there, in front of the claim.
    func open(
        _ name: String,
        interval: Duration = .seconds(3600),
        messageTimeout: Duration = .seconds(5),
        uncertainAfter: Duration = .seconds(15),
        _ properties: [String: String] = [:],
        afterProducer: () async throws -> Void = {}
    ) async throws -> Instance {
        var all = self.properties(properties)
        all["transactional.id"] = "\(self.checkpoints)-0"
        if all["transaction.timeout.ms"] == nil { all["transaction.timeout.ms"] = "20000" }
        let producer = try await TransactionalProducer.open(
            .init(
                partition: TenantPartition(index: 0),
                tenants: ["acme"],
                properties: all,
                policy: TransactionPolicy(
                    interval: interval,
                    batches: 1_000,
                    bytes: 1 << 30,
                    messageTimeout: messageTimeout
                ),
                uncertainAfter: uncertainAfter
            ),
            timeout: .seconds(20),
            clock: Clock(),
            logger: Self.quiet
        )
        try await afterProducer()
        let claimed = try await KafkaCheckpointStore.open(
            .init(
                properties: self.properties(),
                topic: self.checkpoints,
                tenants: ["acme"],
                instance: name,
                startTimeout: .seconds(20)
            ),
            clock: Clock(),
            logger: Self.quiet
        )
        try await producer.fence(timeout: .seconds(20))
        let store = try await claimed.readAgain()
        await producer.start(store)
        return Instance(producer: producer, store: store)
    }

    /// Runs an instance beside `body`, and closes it as a process does.
    func running(_ instance: Instance, _ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await instance.producer.run() }
            group.addTask { await instance.store.run() }
            defer { group.cancelAll() }
            do {
                try await body()
            } catch {
                await self.close(instance)
                throw error
            }
            await self.close(instance)
        }
    }

    private func close(_ instance: Instance) async {
        await instance.producer.close()
        await instance.store.close()
    }

    // MARK: What goes in

    /// A batch whose events' values are their ids.
    func batch(
        _ sequence: UInt64,
        _ values: [String],
        of stream: StreamID = Self.stream,
        position: String?,
        endsMessage: Bool = true
    ) -> RecordBatch {
        var bytes: [UInt8] = []
        let ranges = values.map { value in
            defer { bytes += Array(value.utf8) }
            return ByteRange(offset: UInt32(bytes.count), length: UInt32(value.utf8.count))
        }
        let events = ranges.map {
            NotificationEvent(
                value: $0,
                id: $0,
                idIsDerived: false,
                name: nil,
                resourceID: nil,
                time: nil,
                timeMilliseconds: nil
            )
        }
        let now = Clock().wallMilliseconds
        let records = ranges.map {
            KafkaRecord(route: 0, key: nil, value: $0, id: $0, subject: nil, time: nil, timestampMilliseconds: now)
        }
        let message = MessageBytes(bytes)
        let progress = BatchProgress(
            NotificationBatch(
                bytes: message,
                events: events,
                position: position.map { Position(kind: .lastEventId, value: $0) },
                batchID: nil,
                endsMessage: endsMessage
            ),
            of: stream
        )
        return RecordBatch(
            sequence: sequence,
            bytes: message,
            routes: self.routes,
            records: records,
            progress: progress
        )
    }

    /// Says in the checkpoint topic that `instance` has the tenant.
    func claim(_ instance: String, epoch: Int64) async throws {
        var properties = self.properties(["message.timeout.ms": "0"])
        // No number is asked of the brokers for it.
        properties["enable.idempotence"] = "false"
        let producer = try KafkaRecordProducer(configuration: properties, clock: Clock(), logger: Self.quiet)
        let key = Array(CheckpointKey.owner(tenant: "acme").text.utf8)
        let value = try CheckpointJSON.encode(OwnerDocument(instance: instance, epoch: epoch, claimedAt: "t"))
        let record = KafkaRecord(
            route: 0,
            key: ByteRange(offset: 0, length: UInt32(key.count)),
            value: ByteRange(offset: UInt32(key.count), length: UInt32(value.count)),
            id: ByteRange(offset: 0, length: 0),
            subject: nil,
            time: nil,
            timestampMilliseconds: Clock().wallMilliseconds
        )
        let write = CheckpointWrite()
        let routes = RecordRoutes([RecordRoute(kafkaTopic: self.checkpoints, headers: [])])
        let batch = RecordBatch(sequence: 0, bytes: MessageBytes(key + value), routes: routes, records: [record])
        await producer.produce(batch, reportTo: write)
        #expect(await write.outcome() == .acknowledged)
        await producer.close(flushTimeout: .zero)
    }

    // MARK: What is in Kafka

    /// What the topic of events has, for readers that read committed, or uncommitted.
    func values(isolation: String = "read_uncommitted") async throws -> [String] {
        try await self.read(self.events, isolation).map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    /// The checkpoint that the next instance would find.
    func checkpoint(of stream: StreamID = Self.stream) async throws -> Checkpoint? {
        var table = CheckpointTable(tenants: [stream.tenant])
        for record in try await self.read(self.checkpoints, "read_committed") {
            table.read(key: record.key, value: record.value)
        }
        guard case .checkpoint(let document)? = table.held(.stream(stream)) else { return nil }
        return try document.checkpoint()
    }

    /// A topic of one partition, to its end as it is now.
    private func read(_ topic: String, _ isolation: String) async throws -> [KafkaConsumedRecord] {
        var configuration = KafkaConfiguration.auditConsumer(bootstrapServers: self.bootstrap)
        configuration["isolation.level"] = isolation
        configuration["fetch.wait.max.ms"] = "50"
        let consumer = try KafkaConsumer(configuration: configuration, topics: [topic])
        var records: [KafkaConsumedRecord] = []
        var isAtEnd = false
        while !isAtEnd {
            let batch = try await consumer.next(max: 10_000, timeout: .milliseconds(500))
            records += batch.records
            for case .endOfPartition in batch.events { isAtEnd = true }
        }
        await consumer.close()
        return records
    }

    /// Waits for a fact; the suite's time limit ends a wait for one that does not come.
    static func until(_ isFact: () async throws -> Bool) async throws {
        while try await !isFact() { try await ContinuousClock().sleep(for: .milliseconds(5)) }
    }
}

extension ReportRecorder {
    /// Waits until so many reports came, with little of the processor's time.
    func reports(_ count: Int) async throws -> [DeliveryReport] {
        try await TransactionWorld.until { self.reports.count >= count }
        return self.reports
    }
}

extension DeliveryReport {
    var isUnknown: Bool {
        if case .unknown = self.outcome { return true }
        return false
    }

    var isRefused: Bool {
        if case .refused = self.outcome { return true }
        return false
    }
}
