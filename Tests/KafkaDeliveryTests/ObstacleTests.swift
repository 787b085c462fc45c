import BridgeCore
import KafkaDelivery
import Logging
import RDKafka
import Testing

/// What a person has to mend before anything reaches the brokers (spec/delivery.md, Producer: security).
@Suite("Obstacles", .timeLimit(.minutes(2)))
struct ObstacleTests {
    private func withProducer(
        _ properties: [String: String] = [:],
        clock: any BridgeClock = RealClock(),
        prepare: (EmbeddedKafka) throws -> Void = { _ in },
        _ body: @Sendable (KafkaRecordProducer) async throws -> Void
    ) async throws {
        let kafka = try EmbeddedKafka(brokerCount: 1)
        try kafka.createTopic("events", partitionCount: 1)
        try prepare(kafka)
        var configuration = KafkaConfiguration.idempotentProducer(bootstrapServers: kafka.bootstrapServers)
        for (name, value) in properties { configuration[name] = value }
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let producer = try KafkaRecordProducer(configuration: configuration, clock: clock, logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await producer.run() }
            defer { group.cancelAll() }
            try await body(producer)
        }
        await producer.close(flushTimeout: .zero)
        await kafka.close()
    }

    private func produce(_ text: String, to producer: KafkaRecordProducer) async -> ReportRecorder {
        let bytes = Array(text.utf8)
        let record = KafkaRecord(
            route: 0,
            key: nil,
            value: ByteRange(offset: 0, length: UInt32(bytes.count)),
            id: ByteRange(offset: 0, length: 0),
            subject: nil,
            time: nil,
            timestampMilliseconds: 1_700_000_000_000
        )
        let routes = RecordRoutes([RecordRoute(kafkaTopic: "events", headers: [])])
        let sink = ReportRecorder()
        await producer.produce(
            RecordBatch(sequence: 0, bytes: MessageBytes(bytes), routes: routes, records: [record]),
            reportTo: sink
        )
        return sink
    }

    /// Waits with pauses: what is waited for takes librdkafka's threads.
    private func until(_ fact: () -> Bool) async throws {
        while !fact() { try await Task.sleep(for: .milliseconds(1)) }
    }

    @Test(
        "a producer that may not be one is replaced after growing pauses, says why, and forgets it with the first acknowledgement"
    )
    func notAllowed() async throws {
        let clock = PausesClock()
        let errors = Array(repeating: KafkaErrorCode.clusterAuthorizationFailed, count: 4)
        try await self.withProducer(clock: clock, prepare: { try $0.pushRequestErrors(.initProducerID, errors) }) {
            producer in
            try await self.until { producer.replacementCount == 4 }
            // With jitter: of each its upper end. The first one follows at once.
            let ends = [200, 400, 800].map { Duration.milliseconds($0) }
            #expect(clock.pauses.count == 3 && zip(clock.pauses, ends).allSatisfy { $0 <= $1 }, "\(clock.pauses)")
            #expect(producer.obstacle?.contains("authorization failed") == true, "\(producer.obstacle ?? "")")
            let sink = await self.produce("allowed", to: producer)
            await sink.wait(for: 1)
            #expect(sink.reports.map(\.outcome) == [.acknowledged])
            #expect(producer.obstacle == nil)
            producer.makeFatalForTesting()
            try await self.until { producer.replacementCount == 5 }
            #expect(clock.pauses.count == 3, "what has worked is replaced at once")
            #expect(producer.obstacle == nil)
        }
    }

    @Test("brokers that do not let the user in are an obstacle, and no failure of records")
    func noLogin() async throws {
        let properties = [
            "security.protocol": "sasl_plaintext", "sasl.mechanisms": "PLAIN", "sasl.username": "u",
            "sasl.password": "k4fk4-p4ss",
        ]
        try await self.withProducer(properties) { producer in
            let sink = await self.produce("waits", to: producer)
            try await self.until { producer.obstacle != nil }
            #expect(producer.obstacle?.contains("SASL") == true && producer.obstacle?.contains("k4fk4") == false)
            #expect(sink.reports.isEmpty)
        }
    }

    @Test("a refused record's reason names its topic")
    func topic() async throws {
        try await self.withProducer(["message.max.bytes": "1000"]) { producer in
            let sink = await self.produce(String(repeating: "x", count: 3000), to: producer)
            await sink.wait(for: 1)
            guard case .refused(let reason)? = sink.reports.first?.outcome else {
                Issue.record("\(sink.reports)")
                return
            }
            #expect(reason.contains("MSG_SIZE_TOO_LARGE") && reason.contains("(topic 'events')"), "\(reason)")
        }
    }
}
