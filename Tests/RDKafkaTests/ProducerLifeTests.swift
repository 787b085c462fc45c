import RDKafka
import Synchronization
import Testing

@Suite("A producer's life", .timeLimit(.minutes(1)))
struct ProducerLifeTests {
    @Test("flush ends as soon as everything is reported, though nobody else polls")
    func flush() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        // Without flush, these records would wait a minute for company.
        let producer = try broker.producer(["linger.ms": "60000"])
        let sink = RecordingSink()
        let records = (0..<10).map { TestRecord(value: "\($0)") }
        try await producer.send(TestBatch(records, topic: producer.topic(name)), sink: sink)
        let start = ContinuousClock.now
        #expect(await producer.flush(timeout: .seconds(30)) == 0)
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(sink.reports.map(\.persistedCount) == [10])
        await producer.close(flushTimeout: .seconds(1))
    }

    @Test("a full queue loses nothing: produce goes on where it stopped")
    func queueFull() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let producer = try broker.producer(["queue.buffering.max.messages": "7", "linger.ms": "0"])
        let sink = RecordingSink()
        let batch = TestBatch((0..<100).map { TestRecord(value: "\($0)") }, topic: try producer.topic(name))
        let inFlight = try producer.beginBatch(
            tag: 1,
            recordCount: 100,
            bytes: KafkaBytes(batch.bytes),
            sink: sink
        )
        var fullCount = 0
        while producer.produce(inFlight, describe: { batch.descriptors[$0] }) == .queueFull {
            fullCount += 1
            await producer.waitForRoom()
        }
        #expect(fullCount > 0)
        #expect(await sink.reports(atLeast: 1) == [KafkaBatchReport(tag: 1, persistedCount: 100)])
        let consumer = try broker.consumer([name])
        let values = try await consumer.read(100).records.map { String(decoding: $0.value ?? [], as: UTF8.self) }
        #expect(values == (0..<100).map(String.init))
        await consumer.close()
        await producer.close(flushTimeout: .seconds(1))
    }

    @Test("a record that the empty queue cannot hold is refused instead of waiting for ever")
    func neverFits() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let producer = try broker.producer(["queue.buffering.max.kbytes": "2", "linger.ms": "0"])
        var records = (0..<20).map { TestRecord(value: "\($0) " + String(repeating: "x", count: 500)) }
        records[0] = TestRecord(value: String(repeating: "y", count: 5000))
        records[11] = records[0]
        let sink = RecordingSink()
        try await producer.send(TestBatch(records, topic: producer.topic(name)), sink: sink)
        let report = try #require(await sink.reports(atLeast: 1).first)
        #expect(report.persistedCount == 18)
        #expect(report.failures.map(\.index) == [0, 11])
        #expect(report.failures.map(\.error.code) == [.queueFull, .queueFull])
        #expect(report.firstFailure?.error.action == .permanentForRecord)
        await producer.close(flushTimeout: .seconds(1))
    }

    @Test("closing an idle producer does not wait for its poll to end")
    func closeIdle() async throws {
        var quickest = Duration.seconds(60)
        for _ in 0..<8 {
            let producer = try KafkaProducer(configuration: [:], onFatal: { _ in })
            let start = ContinuousClock.now
            await producer.close(flushTimeout: .seconds(1))
            quickest = min(quickest, ContinuousClock.now - start)
        }
        // A poll lasts a second: whoever waits for it waits that long each time, also on a machine that is not busy.
        #expect(quickest < .milliseconds(500))
    }

    @Test("a batch that stopped at a full queue is reported by close")
    func closeHalfway() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let producer = try broker.producer(["queue.buffering.max.messages": "7"])
        let sink = RecordingSink()
        let batch = TestBatch((0..<10).map { TestRecord(value: "\($0)") }, topic: try producer.topic(name))
        let inFlight = try producer.beginBatch(
            tag: 1,
            recordCount: 10,
            bytes: KafkaBytes(batch.bytes),
            sink: sink
        )
        #expect(producer.produce(inFlight) { batch.descriptors[$0] } == .queueFull)
        async let waiter: Void = producer.waitForRoom()
        await producer.close(flushTimeout: .zero)
        await waiter
        #expect(sink.reports.map(\.notPersistedCount) == [10])
        #expect(sink.reports.first?.failures.map(\.index) == Array(0..<10))
        #expect(sink.reports.first?.failures.last?.error.code == .destroyed)
        #expect(producer.produce(inFlight) { batch.descriptors[$0] } == .closed)
    }

    @Test("a cancelled task stops waiting for room")
    func cancelledWait() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let producer = try broker.producer()
        try await producer.send(
            TestBatch([TestRecord(value: "x")], topic: producer.topic(name)),
            sink: RecordingSink()
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await producer.waitForRoom() }
            group.cancelAll()
        }
        #expect(producer.outstandingRecordCount == 1)
        await producer.close(flushTimeout: .zero)
    }

    @Test("a closed producer refuses, and closing twice is closing once")
    func closed() async throws {
        let broker = try TestBroker(.embedded)
        let producer = try broker.producer()
        async let first: Void = producer.close(flushTimeout: .seconds(1))
        async let second: Void = producer.close(flushTimeout: .seconds(1))
        _ = await (first, second)
        #expect(throws: KafkaError.self) { try producer.topic("t") }
        #expect(throws: KafkaError.self) { try producer.headerTemplate([]) }
        let error = #expect(throws: KafkaError.self) {
            try producer.beginBatch(tag: 0, recordCount: 1, bytes: KafkaBytes([]), sink: RecordingSink())
        }
        #expect(error?.code == .destroyed)
        #expect(await producer.flush(timeout: .seconds(1)) == 0)
        producer.purge()
        await producer.waitForRoom()
    }

    @Test("a record that is too large is named by its index; the others are persisted")
    func tooLarge() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let producer = try broker.producer(["message.max.bytes": "1000"])
        var records = (0..<5).map { TestRecord(value: "\($0)") }
        records[3] = TestRecord(value: String(repeating: "x", count: 5000))
        let sink = RecordingSink()
        try await producer.send(TestBatch(records, topic: producer.topic(name)), sink: sink)
        let report = try #require(await sink.reports(atLeast: 1).first)
        #expect(report.persistedCount == 4)
        #expect(report.status == .notPersisted)
        #expect(report.failures.map(\.index) == [3])
        #expect(report.firstFailure?.error.code == .messageTooLarge)
        #expect(report.firstFailure?.error.action == .permanentForRecord)
        await producer.close(flushTimeout: .seconds(1))
    }

    @Test("a range outside of the bytes is an error of that record")
    func badRange() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let producer = try broker.producer()
        let topic = try producer.topic(name)
        let sink = RecordingSink()
        let good = KafkaByteRange(offset: 0, count: 10)
        let bad = [
            KafkaByteRange(offset: 0, count: 11), KafkaByteRange(offset: 11, count: 0),
            KafkaByteRange(offset: .max, count: .max),
        ]
        var descriptors = [KafkaRecordDescriptor(topic: topic, key: good, value: good)]
        for range in bad {
            descriptors.append(KafkaRecordDescriptor(topic: topic, key: nil, value: range))
            descriptors.append(KafkaRecordDescriptor(topic: topic, key: range, value: good))
            descriptors.append(KafkaRecordDescriptor(topic: topic, key: nil, value: good, slot0: range))
            descriptors.append(KafkaRecordDescriptor(topic: topic, key: nil, value: good, slot3: range))
        }
        let batch = try producer.beginBatch(
            tag: 0,
            recordCount: descriptors.count,
            bytes: KafkaBytes(0..<10),
            failureLimit: 100,
            sink: sink
        )
        #expect(producer.produce(batch) { descriptors[$0] } == .complete)
        let report = try #require(await sink.reports(atLeast: 1).first)
        #expect(report.persistedCount == 1)
        #expect(report.failures.map(\.index) == Array(1...12))
        #expect(report.failures.allSatisfy { $0.error.code == .invalidArgument && $0.status == .notPersisted })
        #expect(report.failures[0].error.reason == "value: bytes 0..<11 lie outside of the batch's 10 bytes")
        await producer.close(flushTimeout: .seconds(1))
    }

    @Test("ids of another producer are an error of the record")
    func foreignIDs() async throws {
        let broker = try TestBroker(.embedded)
        let other = try broker.producer()
        let producer = try broker.producer()
        let sink = RecordingSink()
        let foreign = try other.topic("t")
        let batch = TestBatch([TestRecord(value: "x")], topic: foreign)
        try await producer.send(batch, sink: sink)
        let template = try other.headerTemplate([KafkaHeader(name: "h", value: .slot(0))])
        let own = try producer.topic("t")
        try await producer.send(TestBatch([TestRecord(value: "x")], topic: own, headers: template), sink: sink)
        let reports = await sink.reports(atLeast: 2)
        #expect(reports.map(\.notPersistedCount) == [1, 1])
        #expect(reports.allSatisfy { $0.firstFailure?.error.reason.contains("another producer") == true })
        #expect(reports.compactMap { $0.firstFailure?.error.code } == [.invalidArgument, .invalidArgument])
        await producer.close(flushTimeout: .zero)
        await other.close(flushTimeout: .zero)
    }

    @Test("the bytes are held until the report, and let go then")
    func bytesOwner() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let producer = try broker.producer()
        let sink = RecordingSink()
        let topic = try producer.topic(name)
        var bytes: KafkaBytes? = KafkaBytes(Array(repeating: UInt8(1), count: 100))
        weak let owner = bytes
        let batch = try producer.beginBatch(tag: 0, recordCount: 1, bytes: #require(bytes), sink: sink)
        bytes = nil
        let result = producer.produce(batch) { _ in
            KafkaRecordDescriptor(topic: topic, key: nil, value: KafkaByteRange(offset: 0, count: 100))
        }
        #expect(result == .complete)
        #expect(owner != nil)
        producer.purge()
        _ = await sink.reports(atLeast: 1)
        #expect(owner == nil)
        #expect(batch.recordCount == 1)
        await producer.close(flushTimeout: .zero)
    }

    @Test("a fatal error is told once, with the code below it, and ends every record")
    func fatal() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        try #require(broker.embedded).setBrokerDown()
        let fatal = Fact<KafkaError>()
        let producer = try broker.producer(onFatal: { fatal.add($0) })
        let topic = try producer.topic(name)
        let sink = RecordingSink()
        #expect(!producer.isFatal)
        #expect(producer.triggerFatalErrorForTesting(.outOfOrderSequenceNumber, reason: "drill"))
        let error = await fatal.first()
        #expect(error.code == .outOfOrderSequenceNumber)
        #expect(error.isFatal)
        #expect(error.action == .fatalForProducer)
        #expect(error.reason.contains("drill"))
        #expect(producer.isFatal)
        #expect(!producer.triggerFatalErrorForTesting(.producerFenced, reason: "again"))
        try await producer.send(TestBatch([TestRecord(value: "after")], topic: topic), sink: sink)
        let report = try #require(await sink.reports(atLeast: 1).first)
        #expect(report.status == .notPersisted)
        #expect(report.firstFailure?.error.action == .fatalForProducer)
        #expect(report.firstFailure?.error.code == .outOfOrderSequenceNumber)
        await producer.close(flushTimeout: .seconds(1))
        #expect(fatal.values.count == 1)
    }

    @Test("a sink may call the producer back")
    func callBack() async throws {
        final class Chain: KafkaDeliverySink {
            let producer: KafkaProducer
            let topic: KafkaTopicID
            let done = Fact<Int>()
            let count = Atomic(0)

            init(_ producer: KafkaProducer, _ topic: KafkaTopicID) {
                self.producer = producer
                self.topic = topic
            }

            func batchCompleted(_ report: KafkaBatchReport) {
                let count = self.count.add(1, ordering: .relaxed).newValue
                if count == 3 { return self.done.add(count) }
                self.send()
            }

            func send() {
                guard
                    let batch = try? self.producer.beginBatch(
                        tag: 0,
                        recordCount: 1,
                        bytes: KafkaBytes([1]),
                        sink: self
                    )
                else { return }
                _ = self.producer.produce(batch) { _ in
                    KafkaRecordDescriptor(topic: self.topic, key: nil, value: KafkaByteRange(offset: 0, count: 1))
                }
            }
        }
        let broker = try TestBroker(.embedded)
        let producer = try broker.producer(["linger.ms": "0"])
        let chain = Chain(producer, try await producer.topic(broker.topic("events")))
        chain.send()
        #expect(await chain.done.first() == 3)
        await producer.close(flushTimeout: .seconds(1))
    }
}
