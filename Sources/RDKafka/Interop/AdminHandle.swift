internal import CRdKafka

/// Owns a `rd_kafka_t` that asks questions, and creates and deletes topics.
@safe struct AdminHandle: ~Copyable, @unchecked Sendable {
    let client: OpaquePointer
    private let source: KafkaConfiguration

    init(_ source: KafkaConfiguration) throws(KafkaError) {
        let configuration = try ConfigurationHandle(source)
        configuration.silence()
        configuration.enableEvents(RD_KAFKA_EVENT_ERROR)
        unsafe self.client = try configuration.makeClient(RD_KAFKA_PRODUCER)
        self.source = source
    }

    /// Waits for librdkafka's threads.
    deinit {
        unsafe rd_kafka_destroy(self.client)
    }

    /// Blocks until a broker answers.
    func metadata(timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaMetadata {
        do {
            return try unsafe MetadataQuery.run(self.client, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            throw self.explained(error)
        }
    }

    /// The same error with what librdkafka said of the brokers meanwhile: "no answer" alone hides a wrong password.
    func explained(_ error: KafkaError) -> KafkaError {
        let queue = unsafe rd_kafka_queue_get_main(self.client)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        var trouble: KafkaError?
        while let event = unsafe rd_kafka_queue_poll(queue, 0) {
            defer { unsafe rd_kafka_event_destroy(event) }
            guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR else { continue }
            let next = unsafe KafkaError.ofEvent(event, client: self.client)
            // That all are down follows from what was said of each.
            if next.code != .allBrokersDown || trouble == nil { trouble = next }
        }
        guard let trouble, trouble.reason != error.reason else { return error }
        let words = self.source.redacted("\(trouble)")
        return KafkaError(code: error.code, reason: "\(error.reason); the last trouble: \(words)", action: error.action)
    }

    /// The broker that answers admin requests, as the last metadata named it; nil where it named none.
    var controllerID: Int32? {
        let id = unsafe rd_kafka_controllerid(self.client, 0)
        return id < 0 ? nil : id
    }
}
