/// A librdkafka or broker error code: negative values are librdkafka's own, positive ones come from a broker
/// (Kafka protocol guide, "Error Codes"). The set is open: a newer broker may send codes that have no name here.
public struct KafkaErrorCode: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// - Parameter rawValue: any number: the set is open.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    // MARK: librdkafka's own

    /// The client instance is closed.
    public static let destroyed = KafkaErrorCode(rawValue: -197)
    /// The connection was closed.
    public static let transport = KafkaErrorCode(rawValue: -195)
    /// The broker's name does not resolve.
    public static let resolve = KafkaErrorCode(rawValue: -193)
    /// The record stayed longer than `message.timeout.ms`.
    public static let messageTimedOut = KafkaErrorCode(rawValue: -192)
    /// A partition has been read to its end.
    public static let partitionEnd = KafkaErrorCode(rawValue: -191)
    /// librdkafka knows that the partition does not exist.
    public static let unknownPartitionLocally = KafkaErrorCode(rawValue: -190)
    /// librdkafka knows that the topic does not exist.
    public static let unknownTopicLocally = KafkaErrorCode(rawValue: -188)
    /// No broker can be reached.
    public static let allBrokersDown = KafkaErrorCode(rawValue: -187)
    /// An argument or a setting is not valid.
    public static let invalidArgument = KafkaErrorCode(rawValue: -186)
    /// A call took longer than its timeout.
    public static let timedOut = KafkaErrorCode(rawValue: -185)
    /// librdkafka's queue is full (`queue.buffering.max.messages`, `queue.buffering.max.kbytes`).
    public static let queueFull = KafkaErrorCode(rawValue: -184)
    /// TLS failed.
    public static let tls = KafkaErrorCode(rawValue: -181)
    /// Authentication failed on this side.
    public static let authentication = KafkaErrorCode(rawValue: -169)
    /// The library was built without a feature.
    public static let unsupportedFeature = KafkaErrorCode(rawValue: -165)
    /// The record was purged before it was sent.
    public static let purgedFromQueue = KafkaErrorCode(rawValue: -152)
    /// The record was purged while a broker may already have it.
    public static let purgedInFlight = KafkaErrorCode(rawValue: -151)
    /// The client instance can do nothing more; the underlying code says why.
    public static let fatal = KafkaErrorCode(rawValue: -150)
    /// A newer producer with the same transactional id took over.
    public static let fenced = KafkaErrorCode(rawValue: -144)

    // MARK: the brokers'

    /// No error.
    public static let none = KafkaErrorCode(rawValue: 0)
    /// The offset lies outside of what the partition holds.
    public static let offsetOutOfRange = KafkaErrorCode(rawValue: 1)
    /// The record's checksum is wrong.
    public static let invalidMessage = KafkaErrorCode(rawValue: 2)
    /// The broker does not know the topic or partition (yet).
    public static let unknownTopicOrPartition = KafkaErrorCode(rawValue: 3)
    /// The record's size is not valid.
    public static let invalidMessageSize = KafkaErrorCode(rawValue: 4)
    /// The partition has no leader at the moment.
    public static let leaderNotAvailable = KafkaErrorCode(rawValue: 5)
    /// The broker asked is not the partition's leader.
    public static let notLeader = KafkaErrorCode(rawValue: 6)
    /// The broker ran into its own time limit.
    public static let requestTimedOut = KafkaErrorCode(rawValue: 7)
    /// The record is larger than the broker, the topic or `message.max.bytes` takes.
    public static let messageTooLarge = KafkaErrorCode(rawValue: 10)
    /// The topic's name is not valid.
    public static let invalidTopic = KafkaErrorCode(rawValue: 17)
    /// The produce request is larger than the broker's segment size.
    public static let recordListTooLarge = KafkaErrorCode(rawValue: 18)
    /// Fewer replicas in sync than `min.insync.replicas`; nothing was written.
    public static let notEnoughReplicas = KafkaErrorCode(rawValue: 19)
    /// Written, but to fewer replicas than asked.
    public static let notEnoughReplicasAfterAppend = KafkaErrorCode(rawValue: 20)
    /// `acks` is not valid.
    public static let invalidRequiredAcks = KafkaErrorCode(rawValue: 21)
    /// Not allowed to write to the topic.
    public static let topicAuthorizationFailed = KafkaErrorCode(rawValue: 29)
    /// Not allowed on the cluster (an idempotent producer needs `IdempotentWrite` before Kafka 3).
    public static let clusterAuthorizationFailed = KafkaErrorCode(rawValue: 31)
    /// The record's time is outside of what the topic takes.
    public static let invalidTimestamp = KafkaErrorCode(rawValue: 32)
    /// The broker does not have the SASL mechanism.
    public static let unsupportedSASLMechanism = KafkaErrorCode(rawValue: 33)
    /// The broker is too old or too new for the request.
    public static let unsupportedVersion = KafkaErrorCode(rawValue: 35)
    /// The topic that is to be created exists.
    public static let topicAlreadyExists = KafkaErrorCode(rawValue: 36)
    /// A setting is not valid.
    public static let invalidConfiguration = KafkaErrorCode(rawValue: 40)
    /// The topic's format cannot hold the record.
    public static let unsupportedForMessageFormat = KafkaErrorCode(rawValue: 43)
    /// A policy of the broker refuses it.
    public static let policyViolation = KafkaErrorCode(rawValue: 44)
    /// The broker misses a record of an idempotent producer.
    public static let outOfOrderSequenceNumber = KafkaErrorCode(rawValue: 45)
    /// The producer's epoch is no longer valid.
    public static let invalidProducerEpoch = KafkaErrorCode(rawValue: 47)
    /// The transactional id belongs to another producer id.
    public static let invalidProducerIDMapping = KafkaErrorCode(rawValue: 49)
    /// Not allowed to use the transactional id.
    public static let transactionalIDAuthorizationFailed = KafkaErrorCode(rawValue: 53)
    /// The broker has no security, the client asked for some.
    public static let securityDisabled = KafkaErrorCode(rawValue: 54)
    /// User name, password or token refused.
    public static let saslAuthenticationFailed = KafkaErrorCode(rawValue: 58)
    /// The broker has forgotten the producer.
    public static let unknownProducerID = KafkaErrorCode(rawValue: 59)
    /// The broker cannot decompress the codec.
    public static let unsupportedCompressionType = KafkaErrorCode(rawValue: 76)
    /// The broker refuses the record's content.
    public static let invalidRecord = KafkaErrorCode(rawValue: 87)
    /// A newer producer with the same transactional id took over.
    public static let producerFenced = KafkaErrorCode(rawValue: 90)
}

extension KafkaErrorCode: CustomStringConvertible {
    /// Name and number, e.g. `MSG_SIZE_TOO_LARGE (10)`.
    public var description: String { "\(self.name) (\(self.rawValue))" }
}
