/// Questions to a cluster, e.g. before a start: can it be reached, does a topic exist? And the creation and removal of topics.
///
/// An actor on a thread of its own: a call blocks that thread, never the cooperative pool. Close it; without `close`,
/// whoever drops the last reference waits for librdkafka's threads.
public actor KafkaAdmin {
    let executor: ThreadExecutor
    private var handle: AdminHandle?

    /// Connecting happens with the first question.
    ///
    /// - Throws: a property that librdkafka refuses, by name.
    public init(configuration: KafkaConfiguration) throws(KafkaError) {
        self.executor = try ThreadExecutor()
        self.handle = try AdminHandle(configuration)
    }

    /// Brokers and all topics.
    ///
    /// - Parameter timeout: how long to wait for a broker that answers.
    /// - Throws: no broker answered in time, or the client is closed.
    public func metadata(timeout: Duration) throws(KafkaError) -> KafkaMetadata {
        try self.withHandle { handle throws(KafkaError) in
            try handle.metadata(timeoutMilliseconds: timeout.clampedMilliseconds)
        }
    }

    /// Whether the cluster names a broker of its own for admin requests. The embedded one does not, and an admin request to such a cluster
    /// would wait for its whole timeout.
    ///
    /// - Parameter timeout: how long to wait for a broker that answers.
    /// - Throws: no broker answered in time, or the client is closed.
    public func hasController(timeout: Duration) throws(KafkaError) -> Bool {
        let metadata = try self.metadata(timeout: timeout)
        let controllerID = try self.withHandle { handle in handle.controllerID }
        return metadata.brokers.contains { $0.id == controllerID }
    }

    /// Creates topics. Each is created or refused by itself.
    ///
    /// - Parameter timeout: how long to wait for the cluster.
    /// - Returns: why a topic was not created, by name; `.topicAlreadyExists` if it is there.
    /// - Throws: the cluster did not answer in time or cannot do it, a topic that cannot be asked for, or the client is closed.
    public func createTopics(_ topics: [KafkaNewTopic], timeout: Duration) throws(KafkaError) -> [String: KafkaError] {
        guard !topics.isEmpty else { return [:] }
        return try self.withHandle { handle throws(KafkaError) in
            try handle.createTopics(topics, timeoutMilliseconds: timeout.clampedMilliseconds)
        }
    }

    /// Deletes topics, with all that they hold. Each is deleted or refused by itself.
    ///
    /// - Parameter timeout: how long to wait for the cluster.
    /// - Returns: why a topic was not deleted, by name; `.unknownTopicOrPartition` if it is not there.
    /// - Throws: the cluster did not answer in time or cannot do it, or the client is closed.
    public func deleteTopics(_ names: [String], timeout: Duration) throws(KafkaError) -> [String: KafkaError] {
        guard !names.isEmpty else { return [:] }
        return try self.withHandle { handle throws(KafkaError) in
            try handle.deleteTopics(names, timeoutMilliseconds: timeout.clampedMilliseconds)
        }
    }

    /// The properties of a topic or a broker, defaults included; those that hold secrets are left out.
    ///
    /// - Parameter timeout: how long to wait for the cluster.
    /// - Throws: the cluster did not answer in time, cannot say it or will not (authorization), or the client is closed.
    public func properties(
        of resource: KafkaConfigResource,
        timeout: Duration
    ) throws(KafkaError) -> [String: String] {
        try self.withHandle { handle throws(KafkaError) in
            try handle.properties(of: resource, timeoutMilliseconds: timeout.clampedMilliseconds)
        }
    }

    /// Ends librdkafka's threads. Further calls throw `.destroyed`.
    public func close() {
        self.handle = nil
    }

    private func withHandle<Value>(
        _ body: (borrowing AdminHandle) throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        switch self.handle {
        case .some(let handle): try body(handle)
        case .none: throw .closed
        }
    }
}
