/// Questions to a cluster, e.g. before a start: can it be reached, does a topic exist?
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
        switch self.handle {
        case .some(let handle): try handle.metadata(timeoutMilliseconds: timeout.clampedMilliseconds)
        case .none: throw .closed
        }
    }

    func withHandle<Value>(
        _ body: (borrowing AdminHandle) throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        switch self.handle {
        case .some(let handle): try body(handle)
        case .none: throw .closed
        }
    }

    /// Ends librdkafka's threads. Further calls throw `.destroyed`.
    public func close() {
        self.handle = nil
    }
}
