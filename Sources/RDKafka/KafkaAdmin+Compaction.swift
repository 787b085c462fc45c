extension KafkaAdmin {
    /// Whether the cluster names a broker of its own for admin requests. The embedded one does not, and an admin request to such a cluster
    /// would wait for its whole timeout.
    ///
    /// - Parameter timeout: how long to wait for a broker that answers.
    public func hasController(timeout: Duration) throws(KafkaError) -> Bool {
        let metadata = try self.metadata(timeout: timeout)
        let controllerID = try self.withHandle { handle in handle.controllerID }
        return metadata.brokers.contains { $0.id == controllerID }
    }

    /// Creates a topic with `cleanup.policy=compact` and the cluster's default number of replicas.
    ///
    /// - Parameters:
    ///   - name: the topic.
    ///   - partitionCount: 1 or more.
    ///   - timeout: how long to wait for the answer.
    /// - Throws: it exists (`.topicAlreadyExists`), is not allowed, or there was no answer in time.
    public func createCompactedTopic(
        _ name: String,
        partitionCount: Int,
        timeout: Duration
    ) throws(KafkaError) {
        guard let partitionCount = Int32(exactly: partitionCount), partitionCount > 0 else {
            throw KafkaError(code: .invalidArgument, reason: "\(partitionCount) partitions", action: .configuration)
        }
        try self.withHandle { handle throws(KafkaError) in
            try handle.createCompactedTopic(
                name,
                partitionCount: partitionCount,
                timeoutMilliseconds: timeout.clampedMilliseconds
            )
        }
    }

    /// A topic's property as its brokers have it, e.g. `cleanup.policy`; nil where they know no such property.
    ///
    /// - Throws: the topic does not exist, asking is not allowed, or there was no answer in time.
    public func topicProperty(_ property: String, of topic: String, timeout: Duration) throws(KafkaError) -> String? {
        try self.withHandle { handle throws(KafkaError) in
            try handle.topicProperty(property, of: topic, timeoutMilliseconds: timeout.clampedMilliseconds)
        }
    }
}
