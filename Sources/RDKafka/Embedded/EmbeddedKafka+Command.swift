extension EmbeddedKafka {
    /// Carries out a command. `.help` and `.quit` are the caller's and change nothing here.
    ///
    /// - Throws: what the cluster refuses, e.g. a broker that it does not have.
    public func apply(_ command: EmbeddedKafkaCommand) throws(KafkaError) {
        switch command {
        case .createTopic(let name, let partitionCount, let replicationFactor):
            try self.createTopic(name, partitionCount: partitionCount, replicationFactor: replicationFactor)
        case .down(let broker):
            try self.setBrokerDown(broker)
        case .up(let broker):
            try self.setBrokerUp(broker)
        case .pushErrors(let api, let code, let count):
            try self.pushRequestErrors(api, Array(repeating: code, count: count))
        case .clearErrors(let api):
            try self.clearRequestErrors(api)
        case .topicError(let name, let code):
            try self.setTopicError(name, code)
        case .roundTrip(let broker, let milliseconds):
            try self.setRoundTrip(broker, milliseconds: milliseconds)
        case .leader(let topic, let partition, let broker):
            try self.setPartitionLeader(topic, partition: partition, broker: broker)
        case .help, .quit:
            break
        }
    }
}
