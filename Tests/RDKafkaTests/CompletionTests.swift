import RDKafka
import Testing

@Suite("Every batch is reported exactly once", .timeLimit(.minutes(1)))
struct CompletionTests {
    /// Sends `batchCount` batches of 20 records; the caller decides what happens to the broker.
    private func send(_ batchCount: Int, to producer: KafkaProducer, topic: String, sink: RecordingSink) async throws {
        let topic = try producer.topic(topic)
        for batch in 0..<batchCount {
            let records = (0..<20).map { TestRecord(key: "\($0)", value: "\(batch)/\($0)") }
            try await producer.send(TestBatch(records, topic: topic), tag: UInt64(batch), failureLimit: 20, sink: sink)
        }
    }

    private func expectOncePerBatch(_ sink: RecordingSink, _ batchCount: Int) {
        #expect(sink.reports.map(\.tag).sorted() == (0..<UInt64(batchCount)).map(\.self))
        #expect(sink.reports.allSatisfy { $0.recordCount == 20 })
    }

    @Test("after a broker was down and came back, everything is persisted")
    func downAndUp() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events", partitionCount: 2)
        let met = Fact<KafkaError>()
        let producer = try broker.producer(["reconnect.backoff.ms": "10", "reconnect.backoff.max.ms": "50"]) { _ in
        } onError: {
            met.add($0)
        }
        let sink = RecordingSink()
        try await self.send(5, to: producer, topic: name, sink: sink)
        _ = await sink.reports(atLeast: 5)
        try broker.embedded?.setBrokerDown()
        try await self.send(5, to: producer, topic: name, sink: sink)
        #expect(await met.first().action == .retry)
        #expect(sink.reports.count == 5)
        #expect(producer.outstandingRecordCount == 100)
        try broker.embedded?.setBrokerUp()
        #expect(await sink.reports(atLeast: 10).allSatisfy { $0.status == .persisted })
        await producer.close(flushTimeout: .seconds(1))
        #expect(sink.reports.map(\.persistedCount) == Array(repeating: 20, count: 10))
    }

    @Test(
        "injected errors are retried",
        arguments: [KafkaErrorCode.transport, .notEnoughReplicas, .requestTimedOut]
    )
    func injectedErrors(_ code: KafkaErrorCode) async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        // One request in flight: the mock cluster does not check sequence numbers.
        let producer = try broker.producer([
            "retry.backoff.ms": "10", "reconnect.backoff.ms": "10", "max.in.flight": "1",
        ])
        let cluster = try #require(broker.embedded)
        try cluster.pushRequestErrors(.produce, [code, code, code])
        let sink = RecordingSink()
        try await self.send(10, to: producer, topic: name, sink: sink)
        #expect(await sink.reports(atLeast: 10).allSatisfy { $0.status == .persisted })
        await producer.close(flushTimeout: .seconds(1))
        self.expectOncePerBatch(sink, 10)
        let consumer = try broker.consumer([name])
        #expect(Set(try await consumer.read(200).records.map(\.value)).count == 200)
        await consumer.close()
    }

    @Test("an error that is not retried is reported with its code")
    func permanentError() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let producer = try broker.producer(["enable.idempotence": "false"])
        try #require(broker.embedded).pushRequestErrors(.produce, [.topicAuthorizationFailed])
        let sink = RecordingSink()
        try await self.send(1, to: producer, topic: name, sink: sink)
        let report = try #require(await sink.reports(atLeast: 1).first)
        #expect(report.status != .persisted)
        #expect(report.firstFailure?.index == 0)
        #expect(report.firstFailure?.error.code == .topicAuthorizationFailed)
        #expect(report.firstFailure?.error.action == .permanentForRecord)
        #expect(report.failures.map(\.index) == Array(0..<report.failures.count))
        await producer.close(flushTimeout: .seconds(1))
        self.expectOncePerBatch(sink, 1)
    }

    @Test("purge reports records that were never sent as not persisted")
    func purge() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let producer = try broker.producer()
        let sink = RecordingSink()
        try await self.send(10, to: producer, topic: name, sink: sink)
        #expect(sink.reports.isEmpty)
        producer.purge()
        let reports = await sink.reports(atLeast: 10)
        #expect(reports.allSatisfy { $0.status == .notPersisted && $0.notPersistedCount == 20 })
        #expect(reports.allSatisfy { $0.firstFailure?.error.code == .purgedFromQueue })
        #expect(reports.allSatisfy { $0.failures.map(\.index) == Array(0..<20) })
        #expect(reports.allSatisfy { $0.firstFailure?.error.action == .retry })
        await producer.close(flushTimeout: .seconds(1))
        self.expectOncePerBatch(sink, 10)
    }

    @Test("purge reports records that are with a broker as possibly persisted")
    func purgeInFlight() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let cluster = try #require(broker.embedded)
        let producer = try broker.producer(["linger.ms": "0"])
        let sink = RecordingSink()
        try await self.send(1, to: producer, topic: name, sink: sink)
        _ = await sink.reports(atLeast: 1)
        try cluster.setRoundTrip(milliseconds: 60_000)
        let consumer = try broker.consumer([name])
        try await self.send(1, to: producer, topic: name, sink: sink)
        // The records can be with the broker only if it has them: flush cannot tell, a second reader's view can.
        #expect(await producer.flush(timeout: .milliseconds(300)) == 20)
        producer.purge()
        let report = try #require(await sink.reports(atLeast: 2).last)
        #expect(report.status == .possiblyPersisted)
        #expect(report.firstFailure?.error.code == .purgedInFlight)
        await consumer.close()
        await producer.close(flushTimeout: .milliseconds(1))
    }

    @Test("close with the broker down reports everything within its time")
    func closeWithBrokerDown() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let producer = try broker.producer()
        let sink = RecordingSink()
        try await self.send(10, to: producer, topic: name, sink: sink)
        await producer.close(flushTimeout: .milliseconds(50))
        self.expectOncePerBatch(sink, 10)
        #expect(sink.reports.allSatisfy { $0.status == .notPersisted })
        #expect(producer.outstandingRecordCount == 0)
    }

    @Test("a producer that goes away without close reports everything too")
    func noClose() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let sink = RecordingSink()
        var producer: KafkaProducer? = try broker.producer()
        try await self.send(10, to: #require(producer), topic: name, sink: sink)
        weak let gone = producer
        producer = nil
        #expect(gone == nil)
        #expect(await sink.reports(atLeast: 10).allSatisfy { $0.status == .notPersisted })
        self.expectOncePerBatch(sink, 10)
    }

    @Test("a close in the midst of many producing tasks reports each batch that began", arguments: [0, 1, 20])
    func closeUnderLoad(_ reportCount: Int) async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events", partitionCount: 4)
        let producer = try broker.producer(["queue.buffering.max.messages": "300", "linger.ms": "1"])
        let topic = try producer.topic(name)
        let sink = RecordingSink()
        let batch = TestBatch((0..<20).map { TestRecord(key: "\($0)", value: "\($0)") }, topic: topic)
        let begunCount = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    var count = 0
                    while (try? await producer.send(batch, failureLimit: 20, sink: sink)) != nil { count += 1 }
                    return count
                }
            }
            _ = await sink.reports(atLeast: reportCount)
            await producer.close(flushTimeout: .zero)
            return await group.reduce(0, +)
        }
        #expect(sink.reports.count == begunCount)
        #expect(sink.reports.allSatisfy { $0.recordCount == 20 && $0.persistedCount + $0.failures.count == 20 })
        #expect(sink.reports.count >= reportCount)
    }

    @Test("a negative record count is refused")
    func negativeCount() async throws {
        let producer = try TestBroker(.embedded).producer()
        let error = #expect(throws: KafkaError.self) {
            try producer.beginBatch(tag: 0, recordCount: -1, bytes: KafkaBytes([]), sink: RecordingSink())
        }
        #expect(error?.code == .invalidArgument)
        await producer.close(flushTimeout: .zero)
    }

    @Test("an empty batch is reported")
    func emptyBatch() async throws {
        let broker = try TestBroker(.embedded)
        let producer = try broker.producer()
        let sink = RecordingSink()
        try await producer.send(TestBatch([], topic: producer.topic("t")), tag: 7, sink: sink)
        #expect(await sink.reports(atLeast: 1) == [KafkaBatchReport(tag: 7, persistedCount: 0)])
        await producer.close(flushTimeout: .seconds(1))
    }
}
