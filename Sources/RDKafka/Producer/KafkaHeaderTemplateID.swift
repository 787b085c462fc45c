/// A list of headers that was registered with a producer. Another producer, also a successor, refuses records that
/// name it.
public struct KafkaHeaderTemplateID: Hashable, Sendable {
    let producer: UInt32
    let index: UInt32

    /// No headers; every producer knows it.
    public static let none = KafkaHeaderTemplateID(producer: 0, index: 0)
}
