/// What happens between records.
public enum KafkaConsumerEvent: Hashable, Sendable {
    /// A partition was found, and is read from its start offset on.
    case partitionFound(KafkaPartition)
    /// Everything before `nextOffset` has been given. Comes again after each new record that ends the partition.
    case endOfPartition(KafkaPartition, nextOffset: Int64)
    /// An offset jumped: records between were dropped (retention), compacted, or belong to the transaction protocol.
    case gap(KafkaOffsetGap)
    /// librdkafka reports an error, of one partition or of the client; it goes on by itself unless it is fatal.
    case error(KafkaError, KafkaPartition?)
}
