/// Counts the failed records of a batch; keeps the details of the `limit` ones with the lowest indexes, in order.
struct FailureTally {
    private(set) var notPersistedCount = 0
    private(set) var possiblyPersistedCount = 0
    private(set) var failures: [KafkaRecordFailure] = []
    private let limit: Int

    /// - Parameter limit: how many details to keep; at least one.
    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    /// Counts `count` records with one status, and keeps the first one's details if there is a place for them.
    mutating func add(_ index: Int, status: KafkaDeliveryStatus, count: Int = 1, error: () -> KafkaError) {
        switch status {
        case .notPersisted: self.notPersistedCount += count
        // A failure that librdkafka calls persisted is a contradiction: nothing is certain.
        case .possiblyPersisted, .persisted: self.possiblyPersistedCount += count
        }
        if self.failures.count >= self.limit {
            guard let last = self.failures.last, index < last.index else { return }
            self.failures.removeLast()
        }
        // Reports of one partition come in order, so the place is near the end.
        let place = (self.failures.lastIndex { $0.index <= index } ?? -1) + 1
        let kept = status == .persisted ? KafkaDeliveryStatus.possiblyPersisted : status
        self.failures.insert(KafkaRecordFailure(index: index, status: kept, error: error()), at: place)
    }
}
