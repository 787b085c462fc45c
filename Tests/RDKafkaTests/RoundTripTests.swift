import RDKafka
import Testing

@Suite("Produce and consume", .timeLimit(.minutes(1)))
struct RoundTripTests {
    @Test("bytes, keys, headers and timestamps come back as they were sent", arguments: TestBroker.Kind.available)
    func roundTrip(_ kind: TestBroker.Kind) async throws {
        try await TestBroker.with(kind) { broker in
            let name = try await broker.topic("round-trip", properties: ["retention.ms": "-1"])
            let producer = try broker.producer()
            let topic = try producer.topic(name)
            let headers = try producer.headerTemplate([
                KafkaHeader(name: "version", value: .constant(Array("1.0".utf8))),
                KafkaHeader(name: "id", value: .slot(0)),
                KafkaHeader(name: "empty", value: .constant([])),
                KafkaHeader(name: "time", value: .slot(3)),
            ])
            let records = [
                TestRecord(
                    key: nil,
                    value: "null key",
                    timestampMilliseconds: 1_700_000_000_123,
                    slots: ["a", nil, nil, "t"]
                ),
                TestRecord(key: "", value: "empty key", timestampMilliseconds: 1, slots: ["b"]),
                TestRecord(key: "Schlüssel 🔑", value: "", timestampMilliseconds: 2),
                TestRecord(key: "k", value: "\u{0}\u{1}ÿ", timestampMilliseconds: 3, slots: ["", nil, nil, ""]),
            ]
            let sink = RecordingSink()
            try await producer.send(TestBatch(records, topic: topic, headers: headers), tag: 42, sink: sink)
            #expect(await producer.flush(timeout: .seconds(20)) == 0)
            #expect(sink.reports == [KafkaBatchReport(tag: 42, persistedCount: 4)])
            #expect(sink.reports.first?.status == .persisted)

            let consumer = try broker.consumer([name])
            let read = try await consumer.read(4).records.sorted { $0.offset < $1.offset }
            #expect(read.map(\.key) == records.map(\.key))
            #expect(read.map(\.value) == records.map(\.value))
            #expect(read.map(\.timestampMilliseconds) == records.map(\.timestampMilliseconds))
            func header(_ name: String, _ value: String) -> KafkaConsumedHeader {
                KafkaConsumedHeader(name: name, value: Array(value.utf8))
            }
            let fixed = [header("version", "1.0")]
            #expect(read[0].headers == fixed + [header("id", "a"), header("empty", ""), header("time", "t")])
            #expect(read[1].headers == fixed + [header("id", "b"), header("empty", "")])
            #expect(read[2].headers == fixed + [header("empty", "")])
            #expect(read[3].headers == fixed + [header("id", ""), header("empty", ""), header("time", "")])
            await consumer.close()
            await producer.close(flushTimeout: .seconds(1))
        }
    }

    @Test("a timestamp of 0 is the time of the hand-over", arguments: TestBroker.Kind.available)
    func now(_ kind: TestBroker.Kind) async throws {
        try await TestBroker.with(kind) { broker in
            let name = try await broker.topic("now")
            let producer = try broker.producer()
            let batch = TestBatch([TestRecord(value: "x")], topic: try producer.topic(name))
            try await producer.send(batch, sink: RecordingSink())
            await producer.close(flushTimeout: .seconds(20))
            let consumer = try broker.consumer([name])
            let record = try #require(try await consumer.read(1).records.first)
            #expect(try #require(record.timestampMilliseconds) > 1_600_000_000_000)
            await consumer.close()
        }
    }

    @Test("records of one key stay in order over several partitions", arguments: TestBroker.Kind.available)
    func order(_ kind: TestBroker.Kind) async throws {
        try await TestBroker.with(kind, brokerCount: 3) { broker in
            let name = try await broker.topic("order", partitionCount: 6)
            let producer = try broker.producer()
            let topic = try producer.topic(name)
            let sink = RecordingSink()
            for batch in 0..<50 {
                let records = (0..<100).map { index in
                    TestRecord(key: "key \(index % 17)", value: "\(batch * 100 + index)")
                }
                try await producer.send(TestBatch(records, topic: topic), tag: UInt64(batch), sink: sink)
            }
            let consumer = try broker.consumer([name])
            let read = try await consumer.read(5000).records
            #expect(Set(read.map(\.value)).count == 5000)
            for (_, ofKey) in Dictionary(grouping: read, by: \.key) {
                #expect(Set(ofKey.map(\.partition)).count == 1)
                let numbers = ofKey.compactMap { Int(String(decoding: $0.value ?? [], as: UTF8.self)) }
                #expect(numbers == numbers.sorted())
            }
            #expect(await sink.reports(atLeast: 50).map(\.persistedCount) == Array(repeating: 100, count: 50))
            #expect(Set(sink.reports.map(\.tag)).count == 50)
            await consumer.close()
            await producer.close(flushTimeout: .seconds(1))
        }
    }
}
