import RDKafka
import Testing

@Suite("Consumer", .timeLimit(.minutes(1)))
struct KafkaConsumerTests {
    @Test("a topic that does not exist yet is read from its first record once it is there")
    func topicAppears() async throws {
        let broker = try TestBroker(.embedded)
        let cluster = try #require(broker.embedded)
        let consumer = try broker.consumer(["late"])
        for _ in 0..<2 { #expect(try await consumer.next(max: 10, timeout: .milliseconds(300)).records.isEmpty) }
        let admin = try KafkaAdmin(configuration: ["bootstrap.servers": broker.bootstrapServers])
        #expect(try await admin.metadata(timeout: .seconds(10)).topic("late") == nil)
        try cluster.createTopic("late", partitionCount: 3)
        let producer = try broker.producer()
        let records = (0..<100).map { TestRecord(key: "\($0)", value: "\($0)") }
        try await producer.send(TestBatch(records, topic: producer.topic("late")), sink: RecordingSink())
        let read = try await consumer.read(100)
        #expect(Set(read.records.map(\.value)).count == 100)
        let found = read.events.filter { if case .partitionFound = $0 { true } else { false } }
        #expect(found.count == 3)
        #expect(!read.events.contains { if case .gap = $0 { true } else { false } })
        await producer.close(flushTimeout: .seconds(1))
        await consumer.close()
        await admin.close()
    }

    @Test("the end of a partition is told, and start offsets are kept", arguments: TestBroker.Kind.available)
    func endAndStart(_ kind: TestBroker.Kind) async throws {
        try await TestBroker.with(kind) { broker in
            let name = try await broker.topic("events")
            let producer = try broker.producer()
            let records = (0..<10).map { TestRecord(value: "\($0)") }
            try await producer.send(TestBatch(records, topic: producer.topic(name)), sink: RecordingSink())
            await producer.close(flushTimeout: .seconds(20))
            let partition = KafkaPartition(topic: name, partition: 0)
            let consumer = try KafkaConsumer(
                configuration: ["bootstrap.servers": broker.bootstrapServers],
                topics: [name],
                startOffsets: [partition: 6]
            )
            var all = KafkaConsumedBatch()
            while !all.events.contains(.endOfPartition(partition, nextOffset: 10)) {
                let batch = try await consumer.next(max: 3, timeout: .seconds(1))
                #expect(batch.records.count <= 3)
                all.records += batch.records
                all.events += batch.events
            }
            #expect(all.records.map(\.offset) == [6, 7, 8, 9])
            let marks = try await consumer.watermarks(topic: name, partition: 0, timeout: .seconds(10))
            #expect(marks == KafkaWatermarks(low: 0, high: 10))
            await consumer.close()
            await #expect(throws: KafkaError.self) { try await consumer.next(max: 1, timeout: .zero) }
        }
    }

    @Test("records that the broker dropped are told as a gap")
    func gap() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        // The embedded broker keeps about 5 MB of a partition.
        let producer = try broker.producer(["batch.size": "100000"])
        let topic = try producer.topic(name)
        let sink = RecordingSink()
        let value = String(repeating: "x", count: 10_000)
        for batch in 0..<10 {
            let records = (0..<100).map { _ in TestRecord(value: value) }
            try await producer.send(TestBatch(records, topic: topic), tag: UInt64(batch), sink: sink)
            _ = await sink.reports(atLeast: batch + 1)
        }
        let consumer = try broker.consumer([name])
        let low = try await consumer.watermarks(topic: name, partition: 0, timeout: .seconds(10)).low
        try #require(low > 0)
        let read = try await consumer.read(Int(1000 - low))
        let gaps = read.events.compactMap { if case .gap(let gap) = $0 { gap } else { nil } }
        let partition = KafkaPartition(topic: name, partition: 0)
        #expect(gaps == [KafkaOffsetGap(partition: partition, expectedOffset: 0, foundOffset: low)])
        #expect(gaps.first?.missingCount == low)
        #expect(read.records.map(\.offset) == Array(low..<1000))
        await consumer.close()
        await producer.close(flushTimeout: .zero)
    }

    @Test("brokers that cannot be reached are told, and the consumer goes on when they are back")
    func brokerDown() async throws {
        let broker = try TestBroker(.embedded)
        let name = try await broker.topic("events")
        let cluster = try #require(broker.embedded)
        let producer = try broker.producer()
        try await producer.send(TestBatch([TestRecord(value: "1")], topic: producer.topic(name)), sink: RecordingSink())
        await producer.close(flushTimeout: .seconds(20))
        try cluster.setBrokerDown()
        let consumer = try broker.consumer(
            [name],
            ["reconnect.backoff.ms": "10", "reconnect.backoff.max.ms": "50"]
        )
        var isTold = false
        while !isTold {
            let batch = try await consumer.next(max: 10, timeout: .seconds(1))
            isTold = batch.events.contains {
                if case .error(let error, _) = $0 { error.action == .retry } else { false }
            }
        }
        try cluster.setBrokerUp()
        #expect(try await consumer.read(1).records.map(\.offset) == [0])
        await consumer.close()
    }
}
