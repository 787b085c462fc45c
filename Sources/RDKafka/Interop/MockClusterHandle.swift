internal import CRdKafka

/// Owns a mock cluster and the `rd_kafka_t` it lives in. librdkafka serves the cluster on a thread of its own; each
/// call here waits for that thread, which is a matter of microseconds.
@safe struct MockClusterHandle: ~Copyable, @unchecked Sendable {
    private let client: OpaquePointer
    private let cluster: OpaquePointer

    init(brokerCount: Int32) throws(KafkaError) {
        let configuration = try ConfigurationHandle(["client.id": "embedded-kafka"])
        configuration.silence()
        let client = try unsafe configuration.makeClient(RD_KAFKA_PRODUCER)
        guard let cluster = unsafe rd_kafka_mock_cluster_new(client, brokerCount) else {
            unsafe rd_kafka_destroy(client)
            throw KafkaError(
                code: .invalidArgument,
                reason: "no embedded cluster of \(brokerCount) brokers can be made: no free port on 127.0.0.1?"
            )
        }
        unsafe self.client = client
        unsafe self.cluster = cluster
    }

    /// Waits for librdkafka's threads.
    deinit {
        unsafe rd_kafka_mock_cluster_destroy(self.cluster)
        unsafe rd_kafka_destroy(self.client)
    }

    var bootstrapServers: String { unsafe String(cString: rd_kafka_mock_cluster_bootstraps(self.cluster)) }

    func createTopic(_ name: String, partitionCount: Int32, replicationFactor: Int32) -> KafkaErrorCode {
        unsafe KafkaErrorCode(rd_kafka_mock_topic_create(self.cluster, name, partitionCount, replicationFactor))
    }

    func setTopicError(_ topic: String, _ code: KafkaErrorCode) {
        unsafe rd_kafka_mock_topic_set_error(self.cluster, topic, code.cValue)
    }

    func setPartitionLeader(_ topic: String, partition: Int32, broker: Int32) -> KafkaErrorCode {
        unsafe KafkaErrorCode(rd_kafka_mock_partition_set_leader(self.cluster, topic, partition, broker))
    }

    func setBroker(_ broker: Int32, isDown: Bool) -> KafkaErrorCode {
        unsafe KafkaErrorCode(
            isDown
                ? rd_kafka_mock_broker_set_down(self.cluster, broker)
                : rd_kafka_mock_broker_set_up(self.cluster, broker)
        )
    }

    func setRoundTrip(_ broker: Int32, milliseconds: Int32) -> KafkaErrorCode {
        unsafe KafkaErrorCode(rd_kafka_mock_broker_set_rtt(self.cluster, broker, milliseconds))
    }

    func pushRequestErrors(_ apiKey: Int16, _ codes: [KafkaErrorCode]) {
        let codes = codes.map(\.cValue)
        unsafe rd_kafka_mock_push_request_errors_array(self.cluster, apiKey, codes.count, codes)
    }

    func pushRequestError(_ apiKey: Int16, _ code: KafkaErrorCode, broker: Int32) -> KafkaErrorCode {
        unsafe KafkaErrorCode(crk_mock_push_request_error(self.cluster, broker, apiKey, code.cValue))
    }

    func requestErrorCount(_ apiKey: Int16, broker: Int32) -> (count: Int, code: KafkaErrorCode) {
        var count = 0
        let code = unsafe rd_kafka_mock_broker_error_stack_cnt(self.cluster, broker, apiKey, &count)
        return (count, KafkaErrorCode(code))
    }

    func clearRequestErrors(_ apiKey: Int16) {
        unsafe rd_kafka_mock_clear_request_errors(self.cluster, apiKey)
    }
}
