public import BridgeCore
public import RDKafka

/// A message's bytes are what a Kafka batch wants: immutable, at an address that never changes while they live.
extension MessageBytes: KafkaBatchBytes {}

extension ByteRange {
    /// The same range in RDKafka's terms.
    var kafka: KafkaByteRange {
        KafkaByteRange(offset: self.offset, count: self.length)
    }
}
