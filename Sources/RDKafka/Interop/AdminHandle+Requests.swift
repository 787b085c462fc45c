internal import CRdKafka

/// Requests that librdkafka answers with an event. Each call blocks until its own comes.
extension AdminHandle {
    /// Why topics were not created, by name.
    func createTopics(_ topics: [KafkaNewTopic], timeoutMilliseconds: Int32) throws(KafkaError) -> [String: KafkaError]
    {
        var wanted: [OpaquePointer?] = unsafe []
        defer { unsafe rd_kafka_NewTopic_destroy_array(&wanted, wanted.count) }
        for topic in topics {
            let wish = try unsafe Self.wish(topic)
            unsafe wanted.append(wish)
        }
        let event = try unsafe self.answer(RD_KAFKA_ADMIN_OP_CREATETOPICS, timeoutMilliseconds) { options, queue in
            unsafe rd_kafka_CreateTopics(self.client, &wanted, wanted.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        var count = 0
        let results = unsafe rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count)
        return unsafe Self.refusals(results, count)
    }

    /// Why topics were not deleted, by name.
    func deleteTopics(_ names: [String], timeoutMilliseconds: Int32) throws(KafkaError) -> [String: KafkaError] {
        var unwanted = unsafe names.map { unsafe rd_kafka_DeleteTopic_new($0) }
        defer { unsafe rd_kafka_DeleteTopic_destroy_array(&unwanted, unwanted.count) }
        let event = try unsafe self.answer(RD_KAFKA_ADMIN_OP_DELETETOPICS, timeoutMilliseconds) { options, queue in
            unsafe rd_kafka_DeleteTopics(self.client, &unwanted, unwanted.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        var count = 0
        let results = unsafe rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count)
        return unsafe Self.refusals(results, count)
    }

    /// The properties of a topic or broker.
    func properties(
        of resource: KafkaConfigResource,
        timeoutMilliseconds: Int32
    ) throws(KafkaError) -> [String: String] {
        let (kind, name) =
            switch resource {
            case .topic(let name): (RD_KAFKA_RESOURCE_TOPIC, name)
            case .broker(let id): (RD_KAFKA_RESOURCE_BROKER, "\(id)")
            }
        var asked = unsafe [rd_kafka_ConfigResource_new(kind, name)]
        defer { unsafe rd_kafka_ConfigResource_destroy_array(&asked, asked.count) }
        let event = try unsafe self.answer(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeoutMilliseconds) { options, queue in
            unsafe rd_kafka_DescribeConfigs(self.client, &asked, asked.count, options, queue)
        }
        defer { unsafe rd_kafka_event_destroy(event) }
        var properties: [String: String] = [:]
        var count = 0
        let result = unsafe rd_kafka_event_DescribeConfigs_result(event)
        guard let answers = unsafe rd_kafka_DescribeConfigs_result_resources(result, &count), count > 0,
            let answer = unsafe answers[0]
        else { return properties }
        let code = unsafe rd_kafka_ConfigResource_error(answer)
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let text = unsafe rd_kafka_ConfigResource_error_string(answer).map { unsafe String(cString: $0) }
            throw KafkaError(code: KafkaErrorCode(code), reason: text)
        }
        guard let entries = unsafe rd_kafka_ConfigResource_configs(answer, &count) else { return properties }
        for index in 0..<count {
            guard let entry = unsafe entries[index], let value = unsafe rd_kafka_ConfigEntry_value(entry),
                unsafe rd_kafka_ConfigEntry_is_sensitive(entry) <= 0
            else { continue }
            unsafe properties[String(cString: rd_kafka_ConfigEntry_name(entry))] = String(cString: value)
        }
        return properties
    }

    /// What a request that names topics has refused, by name.
    private static func refusals(
        _ results: UnsafeMutablePointer<OpaquePointer?>?,
        _ count: Int
    ) -> [String: KafkaError] {
        guard let results = unsafe results else { return [:] }
        var refused: [String: KafkaError] = [:]
        for index in 0..<count {
            guard let result = unsafe results[index] else { continue }
            let code = unsafe rd_kafka_topic_result_error(result)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let text = unsafe rd_kafka_topic_result_error_string(result).map { unsafe String(cString: $0) }
            unsafe refused[String(cString: rd_kafka_topic_result_name(result))] = KafkaError(
                code: KafkaErrorCode(code),
                reason: text
            )
        }
        return refused
    }

    /// What librdkafka needs to know of a topic; owned by the caller.
    private static func wish(_ topic: KafkaNewTopic) throws(KafkaError) -> OpaquePointer {
        let partitionCount = Int32(clamping: topic.partitionCount)
        let replicationFactor = topic.replicationFactor.map(Int32.init(clamping:)) ?? -1
        let (wish, words) = unsafe KafkaError.withErrorText { text, capacity in
            let wish = unsafe rd_kafka_NewTopic_new(topic.name, partitionCount, replicationFactor, text, capacity)
            return unsafe (wish, String(cString: text))
        }
        guard let wish = unsafe wish else {
            throw KafkaError(
                code: .invalidArgument,
                reason: "topic \"\(topic.name)\": \(words)",
                action: .configuration
            )
        }
        for (name, value) in topic.properties {
            unsafe rd_kafka_NewTopic_set_config(wish, name, value)
        }
        return unsafe wish
    }

    /// Asks, and waits for the event that answers; owned by the caller.
    private func answer(
        _ operation: rd_kafka_admin_op_t,
        _ timeoutMilliseconds: Int32,
        ask: (_ options: OpaquePointer?, _ queue: OpaquePointer?) -> Void
    ) throws(KafkaError) -> OpaquePointer {
        let queue = unsafe rd_kafka_queue_new(self.client)
        defer { unsafe rd_kafka_queue_destroy(queue) }
        let options = unsafe rd_kafka_AdminOptions_new(self.client, operation)
        defer { unsafe rd_kafka_AdminOptions_destroy(options) }
        // librdkafka's own smallest time is 1 ms.
        unsafe KafkaError.withErrorText { text, capacity in
            _ = unsafe rd_kafka_AdminOptions_set_request_timeout(options, max(timeoutMilliseconds, 1), text, capacity)
        }
        unsafe ask(options, queue)
        // It answers within the request's time by itself, also where no broker does: what comes later would be a mistake of its own.
        let slackMilliseconds: Int32 = 2000
        let wait = timeoutMilliseconds.addingReportingOverflow(slackMilliseconds)
        guard let event = unsafe rd_kafka_queue_poll(queue, wait.overflow ? .max : wait.partialValue) else {
            throw self.explained(KafkaError(code: .timedOut))
        }
        let error = unsafe rd_kafka_event_error(event)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            defer { unsafe rd_kafka_event_destroy(event) }
            let text = unsafe rd_kafka_event_error_string(event).map { unsafe String(cString: $0) }
            throw self.explained(KafkaError(code: KafkaErrorCode(error), reason: text))
        }
        return unsafe event
    }
}
