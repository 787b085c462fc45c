internal import CRdKafka
internal import Locking

/// Owns a producing `rd_kafka_t`, its queue and its topics. librdkafka's calls may come from any thread; only
/// `serveEvent` belongs to one thread.
@safe struct ProducerHandle: ~Copyable, @unchecked Sendable {
    let client: OpaquePointer
    private let queue: OpaquePointer
    private let reports: UnsafeMutableBufferPointer<UnsafePointer<rd_kafka_message_t>?>
    private let emptyValue: UnsafeMutableRawPointer
    private let registry = Locked(ProducerRegistry())

    init(_ source: KafkaConfiguration) throws(KafkaError) {
        let configuration = try ConfigurationHandle(source)
        try configuration.set("log.queue", "true")
        configuration.enableEvents(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_LOG)
        unsafe self.client = try configuration.makeClient(RD_KAFKA_PRODUCER)
        unsafe rd_kafka_set_log_queue(self.client, nil)
        unsafe self.queue = rd_kafka_queue_get_main(self.client)
        unsafe self.reports = .allocate(capacity: 1024)
        unsafe self.emptyValue = .allocate(byteCount: 1, alignment: 1)
    }

    /// Waits for librdkafka's threads. Every record must have been reported.
    deinit {
        self.registry.withLock { $0.destroyTopics() }
        unsafe rd_kafka_queue_destroy(self.queue)
        unsafe rd_kafka_destroy(self.client)
        unsafe self.reports.deallocate()
        unsafe self.emptyValue.deallocate()
    }

    func topic(_ name: String) throws(KafkaError) -> KafkaTopicID {
        try self.registry.withLock { registry throws(KafkaError) in
            try unsafe registry.topic(name, client: self.client)
        }
    }

    func headerTemplate(_ headers: [KafkaHeader]) throws(KafkaError) -> KafkaHeaderTemplateID {
        try self.registry.withLock { registry throws(KafkaError) in try registry.headerTemplate(headers) }
    }

    /// The fatal error that the client has met, or `nil`.
    var fatalError: KafkaError? { unsafe KafkaError.fatal(of: self.client) }

    /// librdkafka's own way to make a producer fatal in a test.
    func triggerFatalError(_ code: KafkaErrorCode, reason: String) -> KafkaErrorCode {
        unsafe KafkaErrorCode(rd_kafka_test_fatal_error(self.client, code.cValue, reason))
    }

    /// Blocks until every record is reported or the time is over, while another thread serves the events.
    func flush(timeoutMilliseconds: Int32) {
        unsafe rd_kafka_flush(self.client, timeoutMilliseconds)
    }

    /// Fails every record that librdkafka has, also those that a broker may be writing at this moment.
    func purge() {
        unsafe rd_kafka_purge(
            self.client,
            RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT | RD_KAFKA_PURGE_F_NON_BLOCKING
        )
    }

    /// Records and events that librdkafka still has.
    var queueLength: Int { unsafe Int(rd_kafka_outq_len(self.client)) }

    // MARK: events

    /// Makes the current, or else the next, `serveEvent` return.
    func wake() {
        unsafe rd_kafka_queue_yield(self.queue)
    }

    /// Waits for one event and hands it to the visitor. A delivery report event holds many records.
    ///
    /// - Returns: the number of records that were reported.
    func serveEvent(timeoutMilliseconds: Int32, visitor: some ProducerEventVisitor) -> Int {
        guard let event = unsafe rd_kafka_queue_poll(self.queue, timeoutMilliseconds) else { return 0 }
        // After the visitor: flush counts a record until here, so what flush saw as done has reached its sink.
        defer { unsafe rd_kafka_event_destroy(event) }
        switch unsafe rd_kafka_event_type(event) {
        case RD_KAFKA_EVENT_DR:
            var count = 0
            while case let taken = unsafe rd_kafka_event_message_array(
                event,
                self.reports.baseAddress,
                self.reports.count
            ), taken > 0 {
                unsafe Self.visit(self.reports.prefix(taken), visitor)
                count += taken
            }
            visitor.reported(count: count)
            return count
        case RD_KAFKA_EVENT_ERROR:
            unsafe visitor.error(KafkaError.ofEvent(event, client: self.client))
        case RD_KAFKA_EVENT_LOG:
            if let line = unsafe KafkaLogLine(event: event) { visitor.log(line) }
        default:
            break  // an event that was not asked for carries nothing of ours
        }
        return 0
    }

    private static func visit(
        _ messages: Slice<UnsafeMutableBufferPointer<UnsafePointer<rd_kafka_message_t>?>>,
        _ visitor: some ProducerEventVisitor
    ) {
        var run: (slot: UInt32, count: Int) = (0, 0)
        for index in unsafe messages.indices {
            guard let message = unsafe messages[index] else { continue }
            let ticket = unsafe RecordTicket(opaque: message.pointee._private)
            let status = unsafe rd_kafka_message_status(message)
            if unsafe message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR, status == RD_KAFKA_MSG_STATUS_PERSISTED {
                if run.slot != ticket.slot, run.count > 0 {
                    visitor.persisted(slot: run.slot, count: run.count)
                    run.count = 0
                }
                run = (ticket.slot, run.count + 1)
            } else {
                visitor.failed(
                    slot: ticket.slot,
                    index: Int(ticket.index),
                    status: status == RD_KAFKA_MSG_STATUS_NOT_PERSISTED ? .notPersisted : .possiblyPersisted,
                    code: unsafe KafkaErrorCode(message.pointee.err)
                )
            }
        }
        if run.count > 0 { visitor.persisted(slot: run.slot, count: run.count) }
    }
}

extension ProducerHandle {
    /// Hands over the records of a batch from `first` on, until all are gone or librdkafka's queue is full.
    ///
    /// - Parameter refuse: takes each record that is refused for another reason.
    /// - Returns: the first record that was not looked at, and how many were handed over.
    func produce(
        _ records: Range<Int>,
        slot: UInt32,
        bytes: any KafkaBatchBytes,
        describe: (Int) -> KafkaRecordDescriptor,
        refuse: (Int, KafkaError) -> Void
    ) -> (next: Int, handedOverCount: Int) {
        let registry = self.registry.withLock(\.self)
        return unsafe bytes.withUnsafeBytes { buffer in
            let base = unsafe buffer.baseAddress ?? UnsafeRawPointer(self.emptyValue)
            var handedOverCount = 0
            for index in records {
                let record = describe(index)
                if let error = record.complaint(byteCount: buffer.count, registry) {
                    refuse(index, error)
                    continue
                }
                let headers = unsafe registry.headers[Int(record.headers.index)]
                var slots = unsafe crk_slots_t(
                    slot0: Self.bytes(record.slot0, base),
                    slot1: Self.bytes(record.slot1, base),
                    slot2: Self.bytes(record.slot2, base),
                    slot3: Self.bytes(record.slot3, base)
                )
                let code = unsafe crk_produce(
                    self.client,
                    registry.topics[Int(record.topic.index)],
                    Self.bytes(record.key, base),
                    Self.bytes(record.value, base),
                    record.timestampMilliseconds,
                    headers.baseAddress,
                    headers.count,
                    &slots,
                    RecordTicket(slot: slot, index: UInt32(index)).opaque
                )
                switch code {
                case RD_KAFKA_RESP_ERR_NO_ERROR: handedOverCount += 1
                case RD_KAFKA_RESP_ERR__QUEUE_FULL: return (index, handedOverCount)
                case let code: refuse(index, self.refusal(code))
                }
            }
            return (records.upperBound, handedOverCount)
        }
    }

    private func refusal(_ code: rd_kafka_resp_err_t) -> KafkaError {
        if code == RD_KAFKA_RESP_ERR__FATAL, let fatal = self.fatalError { return fatal }
        return KafkaError(code: KafkaErrorCode(code))
    }

    @inline(__always)
    private static func bytes(_ range: KafkaByteRange?, _ base: UnsafeRawPointer) -> crk_bytes_t {
        guard let range else { return unsafe crk_bytes_t() }
        return unsafe crk_bytes_t(start: base + Int(range.offset), length: Int(range.count))
    }
}
