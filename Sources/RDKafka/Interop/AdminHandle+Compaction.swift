internal import CRdKafka

extension AdminHandle {
    /// The broker that answers admin requests, as the last metadata named it; nil where it named none.
    var controllerID: Int32? {
        let id = unsafe rd_kafka_controllerid(self.client, 0)
        return id < 0 ? nil : id
    }

    /// Blocks until the topic is created, compacted, with the cluster's default number of replicas.
    func createCompactedTopic(
        _ name: String,
        partitionCount: Int32,
        timeoutMilliseconds: Int32
    ) throws(KafkaError) {
        let (topic, refusal): (OpaquePointer?, String) = unsafe KafkaError.withErrorText { text, capacity in
            let topic = unsafe rd_kafka_NewTopic_new(name, partitionCount, -1, text, capacity)
            return unsafe (topic, String(cString: text))
        }
        guard let topic = unsafe topic else {
            throw KafkaError(code: .invalidArgument, reason: refusal, action: .configuration)
        }
        defer { unsafe rd_kafka_NewTopic_destroy(topic) }
        _ = unsafe rd_kafka_NewTopic_set_config(topic, "cleanup.policy", "compact")
        try unsafe self.ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, timeoutMilliseconds) { options, queue in
            var list: OpaquePointer? = unsafe topic
            unsafe rd_kafka_CreateTopics(self.client, &list, 1, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            guard let result = unsafe rd_kafka_event_CreateTopics_result(event),
                let topics = unsafe rd_kafka_CreateTopics_result_topics(result, &count), count == 1
            else { return }
            let code = unsafe KafkaErrorCode(rd_kafka_topic_result_error(topics[0]))
            guard code != .none else { return }
            let words = unsafe rd_kafka_topic_result_error_string(topics[0]).map { unsafe String(cString: $0) }
            throw KafkaError(code: code, reason: words)
        }
    }

    /// Blocks until the topic's property is known; nil where the brokers do not have it.
    func topicProperty(
        _ property: String,
        of name: String,
        timeoutMilliseconds: Int32
    ) throws(KafkaError) -> String? {
        guard let resource = unsafe rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, name) else {
            throw KafkaError(code: .invalidArgument, reason: "topic \"\(name)\"", action: .configuration)
        }
        defer { unsafe rd_kafka_ConfigResource_destroy(resource) }
        var found: String?
        try unsafe self.ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeoutMilliseconds) { options, queue in
            var list: OpaquePointer? = unsafe resource
            unsafe rd_kafka_DescribeConfigs(self.client, &list, 1, options, queue)
        } read: { event throws(KafkaError) in
            var count = 0
            guard let result = unsafe rd_kafka_event_DescribeConfigs_result(event),
                let resources = unsafe rd_kafka_DescribeConfigs_result_resources(result, &count), count == 1
            else { return }
            let code = unsafe KafkaErrorCode(rd_kafka_ConfigResource_error(resources[0]))
            guard code == .none else {
                let words = unsafe rd_kafka_ConfigResource_error_string(resources[0])
                throw KafkaError(code: code, reason: unsafe words.map { unsafe String(cString: $0) })
            }
            guard let entries = unsafe rd_kafka_ConfigResource_configs(resources[0], &count) else { return }
            for index in 0..<count {
                guard let entryName = unsafe rd_kafka_ConfigEntry_name(entries[index]),
                    unsafe String(cString: entryName) == property,
                    let value = unsafe rd_kafka_ConfigEntry_value(entries[index])
                else { continue }
                found = unsafe String(cString: value)
            }
        }
        return found
    }

    /// Sends one admin request and hands its answer to `read`.
    private func ask(
        _ operation: rd_kafka_admin_op_t,
        _ timeoutMilliseconds: Int32,
        send: (OpaquePointer?, OpaquePointer?) -> Void,
        read: (OpaquePointer) throws(KafkaError) -> Void
    ) throws(KafkaError) {
        let queue = unsafe rd_kafka_queue_new(self.client)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        let options = unsafe rd_kafka_AdminOptions_new(self.client, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        unsafe KafkaError.withErrorText { text, capacity in
            _ = unsafe rd_kafka_AdminOptions_set_request_timeout(options, timeoutMilliseconds, text, capacity)
        }
        unsafe send(options, queue)
        // The answer comes at the request's own timeout at the latest.
        guard let event = unsafe rd_kafka_queue_poll(queue, timeoutMilliseconds + 1000) else {
            throw KafkaError(code: .timedOut)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        let code = unsafe KafkaErrorCode(rd_kafka_event_error(event))
        guard code == .none else {
            throw KafkaError(
                code: code,
                reason: unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
            )
        }
        try unsafe read(event)
    }
}
