import BridgeCore
import Foundation
import KafkaDelivery
import Logging
import RDKafka
import Testing

@Suite("Kafka record producer", .serialized, .timeLimit(.minutes(2)))
struct KafkaRecordProducerTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The brokers to use instead of the embedded one, where a test breaks nothing.
    private static let realBootstrap = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]

    private let events: String
    private let bare: String
    private let routes: RecordRoutes

    init() {
        let prefix = "producer-test-\(UUID().uuidString.prefix(8))-"
        self.events = prefix + "events"
        self.bare = prefix + "bare"
        self.routes = Self.routes(events: self.events, bare: self.bare)
    }

    private static func routes(events: String, bare: String) -> RecordRoutes {
        RecordRoutes([
            RecordRoute(
                kafkaTopic: events,
                headers: [
                    RecordHeader("ce_id", .id), RecordHeader("ce_source", .constant("/genesys/x/acme")),
                    RecordHeader("ce_subject", .subject), RecordHeader("ce_time", .time),
                ]
            ),
            RecordRoute(kafkaTopic: bare, headers: []),
        ])
    }

    /// A batch of one record whose value, key and id are as given.
    private func batch(_ sequence: Int, value: String, key: String? = "k", time: String? = nil, route: Int32 = 0)
        -> RecordBatch
    {
        var bytes: [UInt8] = []
        func place(_ text: String) -> ByteRange {
            defer { bytes += Array(text.utf8) }
            return ByteRange(offset: UInt32(bytes.count), length: UInt32(text.utf8.count))
        }
        let record = KafkaRecord(
            route: route,
            key: key.map(place),
            value: place(value),
            id: place("id-\(sequence)"),
            subject: key.map(place),
            time: time.map(place),
            timestampMilliseconds: 1_700_000_000_000 + Int64(sequence)
        )
        return RecordBatch(
            sequence: UInt64(sequence),
            bytes: MessageBytes(copying: bytes.span.bytes),
            routes: self.routes,
            records: [record]
        )
    }

    /// A producer on an embedded broker, with its replacing task running.
    private func withProducer(
        _ properties: [String: String] = [:],
        _ body: @Sendable (KafkaRecordProducer, EmbeddedKafka) async throws -> Void
    ) async throws {
        let kafka = try EmbeddedKafka(brokerCount: 1)
        for topic in [self.events, self.bare] { try kafka.createTopic(topic, partitionCount: 1) }
        try await self.withProducer(properties, on: kafka.bootstrapServers) { try await body($0, kafka) }
        await kafka.close()
    }

    /// The same on the real brokers where some are given; `topicProperties` are theirs alone.
    private func withProducerAnywhere(
        _ properties: [String: String] = [:],
        topicProperties: [String: String] = [:],
        _ body: @Sendable (KafkaRecordProducer, String) async throws -> Void
    ) async throws {
        guard let bootstrap = Self.realBootstrap else {
            return try await self.withProducer(properties) { try await body($0, $1.bootstrapServers) }
        }
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": bootstrap])
        let wanted = [self.events, self.bare].map {
            // The records of these tests are old.
            let properties = topicProperties.merging(["retention.ms": "-1"]) { given, _ in given }
            return KafkaNewTopic(name: $0, partitionCount: 1, properties: properties)
        }
        #expect(try await admin.createTopics(wanted, timeout: .seconds(20)) == [:])
        var failure: (any Error)?
        do {
            try await self.withProducer(properties, on: bootstrap) { try await body($0, bootstrap) }
        } catch {
            failure = error
        }
        _ = try await admin.deleteTopics([self.events, self.bare], timeout: .seconds(20))
        await admin.close()
        if let failure { throw failure }
    }

    private func withProducer(
        _ properties: [String: String],
        on bootstrap: String,
        _ body: @Sendable (KafkaRecordProducer) async throws -> Void
    ) async throws {
        var configuration = KafkaConfiguration.idempotentProducer(bootstrapServers: bootstrap)
        for (name, value) in properties { configuration[name] = value }
        let producer = try KafkaRecordProducer(configuration: configuration, clock: TestClock(), logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await producer.run() }
            defer { group.cancelAll() }
            try await body(producer)
        }
        await producer.close(flushTimeout: .zero)
    }

    private func consume(_ topic: String, count: Int, from bootstrap: String) async throws -> [KafkaConsumedRecord] {
        let consumer = try KafkaConsumer(
            configuration: .auditConsumer(bootstrapServers: bootstrap),
            topics: [topic]
        )
        var records: [KafkaConsumedRecord] = []
        while records.count < count {
            records += try await consumer.next(max: 1_000, timeout: .milliseconds(100)).records
        }
        await consumer.close()
        return records
    }

    @Test("bytes, key, time stamp and headers arrive as the route says (S2.4, S2.8)")
    func roundTrip() async throws {
        try await self.withProducerAnywhere { producer, bootstrap in
            let sink = ReportRecorder()
            await producer.produce(self.batch(0, value: "{\"a\":1}", time: "2026-01-01T00:00:00Z"), reportTo: sink)
            await producer.produce(self.batch(1, value: "{}", key: nil), reportTo: sink)
            await producer.produce(self.batch(2, value: "x", route: 1), reportTo: sink)
            await sink.wait(for: 3)
            #expect(Set(sink.reports) == Set((0..<3).map { DeliveryReport(sequence: $0, outcome: .acknowledged) }))
            let records = try await self.consume(self.events, count: 2, from: bootstrap)
            #expect(records[0].value == Array("{\"a\":1}".utf8))
            #expect(records[0].key == Array("k".utf8))
            #expect(records[0].timestampMilliseconds == 1_700_000_000_000)
            #expect(records[0].headers.map(\.name) == ["ce_id", "ce_source", "ce_subject", "ce_time"])
            #expect(records[1].key == nil)
            #expect(records[1].headers.map(\.name) == ["ce_id", "ce_source"], "absent values leave their headers out")
            #expect(try await self.consume(self.bare, count: 1, from: bootstrap)[0].headers.isEmpty)
        }
    }

    @Test("what follows a failed record is held back while the rest of its batch is under way (order-per-key)")
    func failsAtTheFirstRecord() async throws {
        try await self.withProducer(["message.max.bytes": "2000"]) { producer, kafka in
            let sink = ReportRecorder()
            try kafka.setBrokerDown()
            var mixed = self.batch(0, value: "small")
            let large = self.batch(0, value: String(repeating: "x", count: 3000))
            let offset = UInt32(mixed.bytes.count)
            mixed.bytes = MessageBytes(
                mixed.bytes.array(ByteRange(offset: 0, length: offset))
                    + large.bytes.array(ByteRange(offset: 0, length: UInt32(large.bytes.count)))
            )
            var refused = large.records[0]
            refused.key = nil
            refused.subject = nil
            refused.value.offset += offset
            refused.id.offset += offset
            mixed.records.append(refused)
            await producer.produce(mixed, reportTo: sink)
            #expect(sink.reports.isEmpty, "its other record waits for the broker")
            await producer.produce(self.batch(1, value: "overtaking"), reportTo: sink)
            #expect(sink.reports.map(\.sequence) == [1] && sink.reports.first?.outcome != .acknowledged)
            try kafka.setBrokerUp()
            await sink.wait(for: 2)
            #expect(sink.reports.last?.outcome != .acknowledged)
            #expect(
                try await self.consume(self.events, count: 1, from: kafka.bootstrapServers).map(\.value) == [
                    Array("small".utf8)
                ]
            )
        }
    }

    @Test(
        "what waits in librdkafka behind a refused record is written, or with enable.gapless.guarantee is not (order-per-key)",
        arguments: [false, true],
        [KafkaErrorCode.messageTooLarge, .invalidRecord]
    )
    func overtakingInLibrdkafka(isGapless: Bool, code: KafkaErrorCode) async throws {
        let properties = ["batch.num.messages": "10", "enable.gapless.guarantee": "\(isGapless)"]
        try await self.withProducer(properties) { producer, kafka in
            let first = ReportRecorder()
            await producer.produce(self.batch(0, value: "first"), reportTo: first)
            await first.wait(for: 1)
            // Everything is with librdkafka, in several requests, before the first of them is refused.
            try kafka.setBrokerDown()
            try kafka.pushRequestErrors(.produce, [code])
            let sink = ReportRecorder()
            for n in 1...100 { await producer.produce(self.batch(n, value: "\(n)"), reportTo: sink) }
            #expect(sink.reports.isEmpty)
            try kafka.setBrokerUp()
            await sink.wait(for: 100)
            let acknowledged = sink.reports.filter { $0.outcome == .acknowledged }.map(\.sequence)
            #expect(sink.reports.contains { if case .refused = $0.outcome { true } else { false } }, "the fault fired")
            #expect(!acknowledged.contains(1))
            #expect(acknowledged.isEmpty == isGapless)
            // The stream settles, and both come again; a producer that became fatal is replaced first.
            while isGapless, producer.replacementCount < 1 { await Task.yield() }
            let again = ReportRecorder()
            for n in 1...100 { await producer.produce(self.batch(n, value: "\(n)"), reportTo: again) }
            await again.wait(for: 100)
            #expect(again.reports.allSatisfy { $0.outcome == .acknowledged })
            let records = try await self.consume(
                self.events,
                count: 101 + acknowledged.count,
                from: kafka.bootstrapServers
            )
            let values = records.compactMap { $0.value.map { String(decoding: $0, as: UTF8.self) } }
            let early = acknowledged.sorted().map(String.init)
            #expect(values == ["first"] + early + (1...100).map(String.init))
        }
    }

    @Test("a fatal producer is replaced: what it had is reported as unknown first, and the process goes on")
    func fatalProducer() async throws {
        try await self.withProducer { producer, kafka in
            let sink = ReportRecorder()
            try kafka.setBrokerDown()
            for n in 0..<5 { await producer.produce(self.batch(n, value: "old \(n)"), reportTo: sink) }
            #expect(sink.reports.isEmpty)
            producer.makeFatalForTesting()
            await sink.wait(for: 5)
            for report in sink.reports {
                guard case .unknown = report.outcome else {
                    Issue.record("\(report)")
                    continue
                }
            }
            // The stream has not settled: whatever it still hands on must not reach Kafka before what failed.
            await producer.produce(self.batch(5, value: "too early"), reportTo: sink)
            await sink.wait(for: 6)
            #expect(sink.reports[5].outcome != .acknowledged)
            while producer.replacementCount < 1 { await Task.yield() }
            try kafka.setBrokerUp()
            let settled = ReportRecorder()
            for n in 0..<5 { await producer.produce(self.batch(10 + n, value: "new \(n)"), reportTo: settled) }
            await settled.wait(for: 5)
            #expect(settled.reports.allSatisfy { $0.outcome == .acknowledged })
            let values = try await self.consume(self.events, count: 5, from: kafka.bootstrapServers).map {
                String(decoding: $0.value ?? [], as: UTF8.self)
            }
            #expect(values == (0..<5).map { "new \($0)" })
        }
    }

    @Test("another stream's batches go through the new producer as soon as it is there")
    func otherStream() async throws {
        try await self.withProducerAnywhere { producer, bootstrap in
            for round in 1...3 {
                producer.makeFatalForTesting()
                while producer.replacementCount < round { await Task.yield() }
                let sink = ReportRecorder()
                await producer.produce(self.batch(round, value: "\(round)"), reportTo: sink)
                await sink.wait(for: 1)
                #expect(sink.reports[0].outcome == .acknowledged)
            }
            let records = try await self.consume(self.events, count: 3, from: bootstrap)
            #expect(records.count == 3)
        }
    }

    @Test("a record that Kafka refuses for good is refused, not unknown")
    func refused() async throws {
        try await self.withProducerAnywhere(["message.max.bytes": "2000"]) { producer, _ in
            let sink = ReportRecorder()
            await producer.produce(self.batch(0, value: String(repeating: "x", count: 5_000)), reportTo: sink)
            await sink.wait(for: 1)
            guard case .refused(let reason) = sink.reports[0].outcome else {
                Issue.record("\(sink.reports[0])")
                return
            }
            #expect(reason.contains("MSG_SIZE_TOO_LARGE"))
            #expect(sink.reports[0].refusals.map(\.index) == [0])
            #expect(sink.reports[0].refusals.first?.reason.contains("MSG_SIZE_TOO_LARGE") == true)
        }
    }

    @Test(
        "a refused request names each of its records, and whether the refusal is the topic's (no-silent-loss)",
        arguments: [
            (KafkaErrorCode.invalidRecord, RecordRefusal.Extent.request), (.messageTooLarge, .request),
            (.topicAuthorizationFailed, .topic),
        ]
    )
    func refusedRequest(code: KafkaErrorCode, extent: RecordRefusal.Extent) async throws {
        try await self.withProducer { producer, kafka in
            let first = ReportRecorder()
            await producer.produce(self.batch(0, value: "first"), reportTo: first)
            await first.wait(for: 1)
            try kafka.pushRequestErrors(.produce, [code])
            var many = self.batch(1, value: "many")
            many.records = Array(repeating: many.records[0], count: 40)
            let sink = ReportRecorder()
            await producer.produce(many, reportTo: sink)
            await sink.wait(for: 1)
            #expect(sink.reports[0].refusals.map(\.index) == Array(0..<40), "more than a report describes by itself")
            #expect(sink.reports[0].refusals.allSatisfy { $0.extent == extent && $0.reason.contains(code.name) })
            // librdkafka itself remembers for a while which topics it may not write to.
            guard extent == .request else { return }
            let again = ReportRecorder()
            await producer.produce(many, reportTo: again)
            await again.wait(for: 1)
            #expect(again.reports == [DeliveryReport(sequence: 1, outcome: .acknowledged)])
        }
    }

    @Test(
        "what a broker's own limit refuses is told record by record, and what follows goes on (no-silent-loss)",
        .enabled(if: Self.realBootstrap != nil, "the embedded broker has no limit")
    )
    func aboveTheBrokersLimit() async throws {
        let limit = ["max.message.bytes": "20000"]
        try await self.withProducerAnywhere(["linger.ms": "50", "compression.type": "none"], topicProperties: limit) {
            producer,
            bootstrap in
            let first = ReportRecorder()
            await producer.produce(self.batch(0, value: "first"), reportTo: first)
            await first.wait(for: 1)
            let large = ReportRecorder()
            var many = self.batch(1, value: String(repeating: "x", count: 15_000))
            many.records = Array(repeating: many.records[0], count: 2)
            await producer.produce(many, reportTo: large)
            await large.wait(for: 1)
            // Two of them are too much for one request, each alone is not.
            #expect(large.reports[0].refusals.map(\.index) == [0, 1])
            #expect(large.reports[0].refusals.allSatisfy { $0.extent == .request }, "\(large.reports)")
            for n in 2...3 {
                let alone = ReportRecorder()
                await producer.produce(
                    self.batch(n, value: "\(n)" + String(repeating: "x", count: 15_000)),
                    reportTo: alone
                )
                await alone.wait(for: 1)
                #expect(alone.reports[0].outcome == .acknowledged)
            }
            let records = try await self.consume(self.events, count: 3, from: bootstrap)
            #expect(records.map { $0.value?.first } == ["f", "2", "3"].map(\.utf8.first))
        }
    }

    @Test("a full librdkafka queue makes the caller wait, and nothing is lost or reordered")
    func fullQueue() async throws {
        try await self.withProducerAnywhere(["queue.buffering.max.messages": "10", "linger.ms": "0"]) {
            producer,
            bootstrap in
            let sink = ReportRecorder()
            for n in 0..<300 { await producer.produce(self.batch(n, value: "\(n)"), reportTo: sink) }
            await sink.wait(for: 300)
            #expect(!sink.hasFailed)
            let values = try await self.consume(self.events, count: 300, from: bootstrap).map {
                String(decoding: $0.value ?? [], as: UTF8.self)
            }
            #expect(values == (0..<300).map(String.init))
        }
    }

    @Test("closing reports everything that is left, once, and later batches too")
    func close() async throws {
        try await self.withProducer { producer, kafka in
            let sink = ReportRecorder()
            try kafka.setBrokerDown()
            for n in 0..<5 { await producer.produce(self.batch(n, value: "\(n)"), reportTo: sink) }
            await producer.close(flushTimeout: .zero)
            await sink.wait(for: 5)
            await producer.produce(self.batch(5, value: "late"), reportTo: sink)
            await sink.wait(for: 6)
            #expect(sink.reports.count == 6)
            #expect(sink.reports.allSatisfy { $0.outcome != .acknowledged })
        }
    }
}
