internal import CRdKafka

/// Owns a `rd_kafka_t` that asks questions, and creates and deletes topics.
@safe struct AdminHandle: ~Copyable, @unchecked Sendable {
    let client: OpaquePointer

    init(_ source: KafkaConfiguration) throws(KafkaError) {
        let configuration = try ConfigurationHandle(source)
        configuration.silence()
        unsafe self.client = try configuration.makeClient(RD_KAFKA_PRODUCER)
    }

    /// Waits for librdkafka's threads.
    deinit {
        unsafe rd_kafka_destroy(self.client)
    }

    /// Blocks until a broker answers.
    func metadata(timeoutMilliseconds: Int32) throws(KafkaError) -> KafkaMetadata {
        try unsafe MetadataQuery.run(self.client, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// The broker that answers admin requests, as the last metadata named it; nil where it named none.
    var controllerID: Int32? {
        let id = unsafe rd_kafka_controllerid(self.client, 0)
        return id < 0 ? nil : id
    }
}
