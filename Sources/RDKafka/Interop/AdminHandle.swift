internal import CRdKafka

/// Owns a `rd_kafka_t` that asks questions, and creates and deletes topics.
@safe struct AdminHandle: ~Copyable, @unchecked Sendable {
    let client: OpaquePointer

    init(_ source: KafkaConfiguration) throws(KafkaError) {
        let configuration = try ConfigurationHandle(source)
        configuration.silence()
        configuration.enableEvents(RD_KAFKA_EVENT_ERROR)
        unsafe self.client = try configuration.makeClient(RD_KAFKA_PRODUCER)
    }

    /// Waits for librdkafka's threads.
    deinit {
        unsafe rd_kafka_destroy(self.client)
    }

    /// Blocks until a broker answers.
    func metadata(timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaMetadata {
        do throws(KafkaError) {
            return try unsafe MetadataQuery.run(self.client, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            throw error.explained(by: self.takeComplaint())
        }
    }

    /// Why a call has failed, as far as the client has met something: what a person has to mend, or else the last error of a broker.
    func takeComplaint() -> KafkaError? {
        let main = unsafe rd_kafka_queue_get_main(self.client)
        defer { unsafe rd_kafka_queue_destroy(main) }
        var complaint: KafkaError?
        while let event = unsafe rd_kafka_queue_poll(main, 0) {
            defer { unsafe rd_kafka_event_destroy(event) }
            guard unsafe rd_kafka_event_type(event) == RD_KAFKA_EVENT_ERROR else { continue }
            let error = unsafe KafkaError.ofEvent(event, client: self.client)
            if error.code.action == .configuration { return error }
            // That all of them are down says nothing of why.
            if error.code != .allBrokersDown { complaint = error }
        }
        return complaint
    }

    /// The broker that answers admin requests, as the last metadata named it; nil where it named none.
    var controllerID: Int32? {
        let id = unsafe rd_kafka_controllerid(self.client, 0)
        return id < 0 ? nil : id
    }
}
