/// A topic that was registered with a producer; valid for that producer only.
public struct KafkaTopicID: Hashable, Sendable {
    let index: UInt32
}
