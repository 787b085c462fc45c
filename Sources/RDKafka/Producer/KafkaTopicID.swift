/// A topic that was registered with a producer. Another producer, also a successor, refuses records that name it.
public struct KafkaTopicID: Hashable, Sendable {
    let producer: UInt32
    let index: UInt32
}
