/// What became of a batch; given exactly once, when every record of it has been reported.
public struct KafkaBatchReport: Hashable, Sendable {
    /// The caller's own number for the batch.
    public let tag: UInt64
    /// Records that the brokers have.
    public let persistedCount: Int
    /// Records that no broker has.
    public let notPersistedCount: Int
    /// Records that a broker may have.
    public let possiblyPersistedCount: Int
    /// The failed records with the lowest indexes, in order, up to the batch's limit (at least one).
    public let failures: [KafkaRecordFailure]

    /// See the properties.
    public init(
        tag: UInt64,
        persistedCount: Int,
        notPersistedCount: Int = 0,
        possiblyPersistedCount: Int = 0,
        failures: [KafkaRecordFailure] = []
    ) {
        self.tag = tag
        self.persistedCount = persistedCount
        self.notPersistedCount = notPersistedCount
        self.possiblyPersistedCount = possiblyPersistedCount
        self.failures = failures
    }

    /// Records in the batch.
    public var recordCount: Int { self.persistedCount + self.notPersistedCount + self.possiblyPersistedCount }

    /// The least certain of all records.
    public var status: KafkaDeliveryStatus {
        if self.possiblyPersistedCount > 0 { return .possiblyPersisted }
        return self.notPersistedCount > 0 ? .notPersisted : .persisted
    }

    /// The failed record with the lowest index.
    public var firstFailure: KafkaRecordFailure? { self.failures.first }
}
