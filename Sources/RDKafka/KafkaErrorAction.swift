/// What the owner of a record or of a producer does about an error.
public enum KafkaErrorAction: Hashable, Sendable {
    /// The same again later can work. Whether the record was written may be unknown: see its status.
    case retry
    /// The same record will be refused again: set it aside, go on with the others.
    case permanentForRecord
    /// This producer can do nothing more: make another one.
    case fatalForProducer
    /// Somebody has to change a setting, a credential or a permission.
    case configuration
}

extension KafkaErrorCode {
    /// The action that the code alone suggests. Codes without an entry are `.retry`: an unknown outcome means
    /// "deliver again", and a topic that is missing today may be created tomorrow.
    public var action: KafkaErrorAction {
        switch self {
        case .messageTooLarge, .recordListTooLarge, .invalidMessage, .invalidMessageSize, .invalidRecord,
            .invalidTimestamp, .invalidTopic, .policyViolation, .topicAuthorizationFailed, .invalidArgument,
            .unsupportedForMessageFormat:
            .permanentForRecord
        case .fatal, .destroyed, .fenced, .producerFenced, .invalidProducerEpoch, .invalidProducerIDMapping,
            .outOfOrderSequenceNumber, .unknownProducerID:
            .fatalForProducer
        case .authentication, .saslAuthenticationFailed, .unsupportedSASLMechanism, .tls, .securityDisabled,
            .clusterAuthorizationFailed, .transactionalIDAuthorizationFailed, .unsupportedFeature,
            .unsupportedVersion, .unsupportedCompressionType, .invalidConfiguration, .invalidRequiredAcks:
            .configuration
        default:
            .retry
        }
    }
}
