/// One of librdkafka's calls about a transaction (KIP-98).
enum KafkaTransactionCall: Sendable {
    case initialise
    case begin
    case commit
    case abort
}
