/// A kind of request of the Kafka protocol, for error injection (Kafka protocol guide, "Api Keys").
public struct KafkaAPI: RawRepresentable, Hashable, Sendable {
    /// The protocol's number.
    public let rawValue: Int16

    /// - Parameter rawValue: the protocol's number; any may be given.
    public init(rawValue: Int16) {
        self.rawValue = rawValue
    }

    /// Produce.
    public static let produce = KafkaAPI(rawValue: 0)
    /// Fetch.
    public static let fetch = KafkaAPI(rawValue: 1)
    /// ListOffsets.
    public static let listOffsets = KafkaAPI(rawValue: 2)
    /// Metadata.
    public static let metadata = KafkaAPI(rawValue: 3)
    /// OffsetCommit.
    public static let offsetCommit = KafkaAPI(rawValue: 8)
    /// FindCoordinator.
    public static let findCoordinator = KafkaAPI(rawValue: 10)
    /// ApiVersions.
    public static let apiVersions = KafkaAPI(rawValue: 18)
    /// InitProducerId.
    public static let initProducerID = KafkaAPI(rawValue: 22)
    /// AddPartitionsToTxn.
    public static let addPartitionsToTransaction = KafkaAPI(rawValue: 24)
    /// EndTxn.
    public static let endTransaction = KafkaAPI(rawValue: 26)
}
