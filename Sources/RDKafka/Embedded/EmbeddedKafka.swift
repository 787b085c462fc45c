internal import Locking

/// A Kafka cluster inside of this process: librdkafka's mock cluster, which speaks the real protocol on kernel-chosen
/// ports of 127.0.0.1.
///
/// Good for delivery, retries, order and error handling. It keeps about 5 MB per partition and drops the oldest records
/// beyond that; it has no admin requests, no TLS, no SASL, no size limits, and transactions that isolate nothing.
/// Topics that nobody created appear when a producer asks for them.
///
/// Brokers are numbered from 1. Close a cluster that is no longer needed; without `close`, whoever drops the last
/// reference waits for its threads.
public final class EmbeddedKafka: Sendable {
    /// `host:port,…`, for `bootstrap.servers`.
    public let bootstrapServers: String
    /// How many brokers it has.
    public let brokerCount: Int

    private let handle: Locked<MockClusterHandle?>

    /// - Parameter brokerCount: 1 or more.
    /// - Throws: no ports are left, or the count is not positive.
    public init(brokerCount: Int = 1) throws(KafkaError) {
        guard (1...1000).contains(brokerCount) else {
            throw KafkaError(
                code: .invalidArgument,
                reason: "brokerCount \(brokerCount): a cluster has 1 to 1000 brokers",
                action: .configuration
            )
        }
        let handle = try MockClusterHandle(brokerCount: Int32(brokerCount))
        self.bootstrapServers = handle.bootstrapServers
        self.brokerCount = brokerCount
        self.handle = Locked(handle)
    }

    /// Creates a topic.
    ///
    /// - Throws: it exists, a number is not positive, or there are fewer brokers than replicas.
    public func createTopic(_ name: String, partitionCount: Int, replicationFactor: Int = 1) throws(KafkaError) {
        guard (1...10_000).contains(partitionCount) else {
            throw .invalid("\(partitionCount) partitions: a topic has 1 to 10000")
        }
        guard (1...self.brokerCount).contains(replicationFactor) else {
            throw .invalid("\(replicationFactor) replicas: there are \(self.brokerCount) brokers")
        }
        try self.check("topic \"\(name)\"") {
            $0.createTopic(
                name,
                partitionCount: Int32(partitionCount),
                replicationFactor: Int32(replicationFactor)
            )
        }
    }

    /// Closes the broker's connections and refuses new ones; leaders stay where they are.
    ///
    /// - Parameter broker: 1 to `brokerCount`; `nil`: all of them.
    public func setBrokerDown(_ broker: Int? = nil) throws(KafkaError) {
        let id = try self.brokerID(broker)
        try self.check("broker \(id)") { $0.setBroker(id, isDown: true) }
    }

    /// Takes connections again.
    ///
    /// - Parameter broker: 1 to `brokerCount`; `nil`: all of them.
    public func setBrokerUp(_ broker: Int? = nil) throws(KafkaError) {
        let id = try self.brokerID(broker)
        try self.check("broker \(id)") { $0.setBroker(id, isDown: false) }
    }

    /// Delays every answer.
    ///
    /// - Parameters:
    ///   - broker: 1 to `brokerCount`; `nil`: all of them.
    ///   - milliseconds: 0 to 3,600,000.
    public func setRoundTrip(_ broker: Int? = nil, milliseconds: Int) throws(KafkaError) {
        guard (0...3_600_000).contains(milliseconds) else {
            throw .invalid("\(milliseconds) ms: a round trip takes 0 to 3600000")
        }
        let id = try self.brokerID(broker)
        try self.check("broker \(id)") { $0.setRoundTrip(id, milliseconds: Int32(milliseconds)) }
    }

    /// The next requests of a kind fail, one per code, whichever broker they reach. `.transport` closes the connection.
    public func pushRequestErrors(_ api: KafkaAPI, _ codes: [KafkaErrorCode]) throws(KafkaError) {
        try self.check("request errors") {
            $0.pushRequestErrors(api.rawValue, codes)
            return .none
        }
    }

    /// The next request of a kind at one broker fails. `.transport` closes the connection.
    ///
    /// - Parameter broker: 1 to `brokerCount`.
    public func pushRequestError(_ api: KafkaAPI, _ code: KafkaErrorCode, broker: Int) throws(KafkaError) {
        let id = try self.brokerID(broker)
        try self.check("broker \(id)") { $0.pushRequestError(api.rawValue, code, broker: id) }
    }

    /// Errors that were pushed for one broker, and that no request has met yet.
    ///
    /// - Parameter broker: 1 to `brokerCount`.
    public func unmetRequestErrorCount(_ api: KafkaAPI, broker: Int) throws(KafkaError) -> Int {
        let id = try self.brokerID(broker)
        var count = 0
        try self.check("broker \(id)") {
            let answer = $0.requestErrorCount(api.rawValue, broker: id)
            count = answer.count
            return answer.code
        }
        return count
    }

    /// Forgets the errors of a kind of request that have not been used.
    public func clearRequestErrors(_ api: KafkaAPI) throws(KafkaError) {
        try self.check("request errors") {
            $0.clearRequestErrors(api.rawValue)
            return .none
        }
    }

    /// Gives a topic an error in metadata answers; `.none` takes it away.
    public func setTopicError(_ topic: String, _ code: KafkaErrorCode) throws(KafkaError) {
        try self.check("topic \"\(topic)\"") {
            $0.setTopicError(topic, code)
            return .none
        }
    }

    /// Moves a partition's leader.
    ///
    /// - Parameters:
    ///   - topic: created if it does not exist.
    ///   - partition: counted from 0.
    ///   - broker: 1 to `brokerCount`; `nil`: the partition has no leader.
    public func setPartitionLeader(_ topic: String, partition: Int, broker: Int?) throws(KafkaError) {
        guard let partition = Int32(exactly: partition), partition >= 0 else {
            throw .invalid("partition \(partition): partitions are counted from 0")
        }
        let id = try self.brokerID(broker)
        try self.check("topic \"\(topic)\", partition \(partition)") {
            $0.setPartitionLeader(topic, partition: partition, broker: id)
        }
    }

    /// Closes all connections and waits for the cluster's threads. Further calls throw `.destroyed`.
    public func close() async {
        // Without a thread to wait on, the last reference to the cluster closes it.
        try? await NativeThread.run { self.handle.withLock { $0 = nil } }
    }

    /// librdkafka's number for a broker: -1 is "all" or "none".
    private func brokerID(_ broker: Int?) throws(KafkaError) -> Int32 {
        guard let broker else { return -1 }
        guard (1...self.brokerCount).contains(broker) else {
            throw .invalid("broker \(broker): brokers are numbered 1 to \(self.brokerCount)")
        }
        return Int32(broker)
    }

    private func check(
        _ subject: String,
        _ body: (borrowing MockClusterHandle) -> KafkaErrorCode
    ) throws(KafkaError) {
        let code = try self.handle.withLock { handle throws(KafkaError) in
            switch handle {
            case .some(let handle): body(handle)
            case .none: throw .closed
            }
        }
        if code != .none { throw KafkaError(code: code, reason: "\(subject): \(code.libraryText)") }
    }
}

extension KafkaError {
    fileprivate static func invalid(_ reason: String) -> KafkaError {
        KafkaError(code: .invalidArgument, reason: reason, action: .configuration)
    }
}
