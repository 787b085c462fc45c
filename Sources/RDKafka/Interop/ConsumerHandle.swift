internal import CRdKafka

/// Owns a consuming `rd_kafka_t`, one queue for everything it gives, and the partitions that are read. For one thread.
@safe struct ConsumerHandle: ~Copyable {
    private let client: OpaquePointer
    private let queue: OpaquePointer
    private var topics: [String: OpaquePointer] = unsafe [:]
    private var names: [OpaquePointer: String] = unsafe [:]
    private var partitions: [KafkaPartition] = []

    init(_ source: KafkaConfiguration) throws(KafkaError) {
        let configuration = try ConfigurationHandle(source)
        try configuration.set("log.queue", "true")
        configuration.enableEvents(RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        unsafe self.client = try configuration.makeClient(RD_KAFKA_CONSUMER)
        unsafe self.queue = rd_kafka_queue_new(self.client)
        unsafe rd_kafka_set_log_queue(self.client, self.queue)
        let main = unsafe rd_kafka_queue_get_main(self.client)
        unsafe rd_kafka_queue_forward(main, self.queue)
        unsafe rd_kafka_queue_destroy(main)
    }

    /// Waits for librdkafka's threads.
    deinit {
        for partition in self.partitions {
            if let topic = unsafe self.topics[partition.topic] {
                unsafe rd_kafka_consume_stop(topic, partition.partition)
            }
        }
        let main = unsafe rd_kafka_queue_get_main(self.client)
        unsafe rd_kafka_queue_forward(main, nil)
        unsafe rd_kafka_queue_destroy(main)
        unsafe self.topics.values.forEach { unsafe rd_kafka_topic_destroy($0) }
        unsafe rd_kafka_queue_destroy(self.queue)
        unsafe rd_kafka_destroy(self.client)
    }

    /// Blocks until a broker answers. Asks for all topics: a question for one would create it on some brokers.
    func metadata(timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaMetadata {
        try unsafe MetadataQuery.run(self.client, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// Reads a partition from an offset on.
    mutating func start(_ partition: KafkaPartition, at offset: Int64) throws(KafkaError) {
        let topic = try unsafe self.topic(partition.topic)
        guard unsafe rd_kafka_consume_start_queue(topic, partition.partition, offset, self.queue) == 0 else {
            throw KafkaError(code: KafkaErrorCode(rd_kafka_last_error()))
        }
        self.partitions.append(partition)
    }

    /// Asks the partition's leader. Blocks.
    func watermarks(of partition: KafkaPartition, timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaWatermarks {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_query_watermark_offsets(
            self.client,
            partition.topic,
            partition.partition,
            &low,
            &high,
            timeoutMilliseconds
        )
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code: KafkaErrorCode(code)) }
        return KafkaWatermarks(low: low, high: high)
    }

    /// The end of a partition as the last answer of its leader said; nil before the first one. Asks nobody.
    func knownEnd(of partition: KafkaPartition) -> Int64? {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = unsafe rd_kafka_get_watermark_offsets(
            self.client,
            partition.topic,
            partition.partition,
            &low,
            &high
        )
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? high : nil
    }

    /// Waits for one event: a record or something else.
    ///
    /// - Returns: `nil` when the time was over.
    func poll(timeoutMilliseconds: Int32) -> ConsumerPoll? {
        guard let event = unsafe rd_kafka_queue_poll(self.queue, timeoutMilliseconds) else { return nil }
        defer { unsafe rd_kafka_event_destroy(event) }
        switch unsafe rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_FETCH:
            guard let message = unsafe rd_kafka_event_message_next(event) else { return .nothing }
            return unsafe self.record(message)
        case RD_KAFKA_EVENT_ERROR:
            return unsafe self.error(event)
        case RD_KAFKA_EVENT_LOG:
            return unsafe KafkaLogLine(event: event).map(ConsumerPoll.log) ?? .nothing
        default:
            return .nothing
        }
    }

    private mutating func topic(_ name: String) throws(KafkaError) -> OpaquePointer {
        if let topic = unsafe self.topics[name] { return unsafe topic }
        guard let topic = unsafe rd_kafka_topic_new(self.client, name, nil) else {
            let code = KafkaErrorCode(rd_kafka_last_error())
            throw KafkaError(code: code, reason: "topic \"\(name)\" refused: \(code.libraryText)")
        }
        unsafe self.topics[name] = topic
        unsafe self.names[topic] = name
        return unsafe topic
    }

    private func error(_ event: OpaquePointer) -> ConsumerPoll {
        let error = unsafe KafkaError.ofEvent(event, client: self.client)
        guard let place = unsafe rd_kafka_event_topic_partition(event) else { return .error(error, nil) }
        defer { unsafe rd_kafka_topic_partition_destroy(place) }
        let partition = unsafe KafkaPartition(
            topic: String(cString: place.pointee.topic),
            partition: place.pointee.partition
        )
        if error.code == .partitionEnd {
            return unsafe .endOfPartition(partition, nextOffset: place.pointee.offset)
        }
        return .error(error, partition)
    }

    private func record(_ message: UnsafePointer<rd_kafka_message_t>) -> ConsumerPoll {
        let content = unsafe message.pointee
        let topic = unsafe content.rkt.flatMap { unsafe self.names[$0] } ?? ""
        if unsafe content.err != RD_KAFKA_RESP_ERR_NO_ERROR {
            return unsafe .error(
                KafkaError(code: KafkaErrorCode(content.err)),
                KafkaPartition(topic: topic, partition: content.partition)
            )
        }
        var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
        let timestamp = unsafe rd_kafka_message_timestamp(message, &kind)
        return unsafe .record(
            KafkaConsumedRecord(
                topic: topic,
                partition: content.partition,
                offset: content.offset,
                timestampMilliseconds: kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? nil : timestamp,
                key: Self.bytes(content.key, content.key_len),
                value: Self.bytes(content.payload, content.len),
                headers: Self.headers(message)
            )
        )
    }

    private static func headers(_ message: UnsafePointer<rd_kafka_message_t>) -> [KafkaConsumedHeader] {
        var list: OpaquePointer?
        guard unsafe rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list = unsafe list
        else { return [] }
        let count = unsafe rd_kafka_header_cnt(list)
        return (0..<count).compactMap { index in
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            guard unsafe rd_kafka_header_get_all(list, index, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR,
                let name = unsafe name
            else { return nil }
            return unsafe KafkaConsumedHeader(name: String(cString: name), value: Self.bytes(value, size))
        }
    }

    private static func bytes(_ start: UnsafeRawPointer?, _ count: Int) -> [UInt8]? {
        guard let start = unsafe start else { return nil }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
