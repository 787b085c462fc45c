import RDKafka

/// A record of a test, and how it lies in a batch's bytes.
struct TestRecord: Equatable {
    var key: [UInt8]?
    var value: [UInt8]
    var timestampMilliseconds: Int64 = 0
    var slots: [[UInt8]?] = [nil, nil, nil, nil]

    init(key: String? = nil, value: String, timestampMilliseconds: Int64 = 0, slots: [String?] = []) {
        self.key = key.map { Array($0.utf8) }
        self.value = Array(value.utf8)
        self.timestampMilliseconds = timestampMilliseconds
        for (index, slot) in slots.enumerated() { self.slots[index] = slot.map { Array($0.utf8) } }
    }
}

/// Records laid out one after the other.
struct TestBatch {
    private(set) var bytes: [UInt8] = []
    private(set) var descriptors: [KafkaRecordDescriptor] = []

    init(_ records: [TestRecord], topic: KafkaTopicID, headers: KafkaHeaderTemplateID = .none) {
        for record in records {
            var descriptor = KafkaRecordDescriptor(
                topic: topic,
                key: self.append(record.key),
                value: self.append(record.value)!,
                timestampMilliseconds: record.timestampMilliseconds,
                headers: headers
            )
            descriptor.slot0 = self.append(record.slots[0])
            descriptor.slot1 = self.append(record.slots[1])
            descriptor.slot2 = self.append(record.slots[2])
            descriptor.slot3 = self.append(record.slots[3])
            self.descriptors.append(descriptor)
        }
    }

    private mutating func append(_ bytes: [UInt8]?) -> KafkaByteRange? {
        guard let bytes else { return nil }
        defer { self.bytes += bytes }
        return KafkaByteRange(offset: UInt32(self.bytes.count), count: UInt32(bytes.count))
    }
}

extension KafkaProducer {
    /// Hands a whole batch over, waiting for room where there is none.
    func send(_ batch: TestBatch, tag: UInt64 = 0, failureLimit: Int = 16, sink: RecordingSink) async throws {
        let inFlight = try self.beginBatch(
            tag: tag,
            recordCount: batch.descriptors.count,
            bytes: KafkaBytes(batch.bytes),
            failureLimit: failureLimit,
            sink: sink
        )
        while self.produce(inFlight, describe: { batch.descriptors[$0] }) == .queueFull {
            await self.waitForRoom()
        }
    }
}
