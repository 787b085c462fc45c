/// One thing that a consumer's queue had.
enum ConsumerPoll {
    case record(KafkaConsumedRecord)
    case endOfPartition(KafkaPartition, nextOffset: Int64)
    case error(KafkaError, KafkaPartition?)
    case log(KafkaLogLine)
    /// An event that carries nothing of ours.
    case nothing
}
