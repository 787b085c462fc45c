/// A list of headers that was registered with a producer; valid for that producer only.
public struct KafkaHeaderTemplateID: Hashable, Sendable {
    let index: UInt32

    /// No headers; every producer knows it.
    public static let none = KafkaHeaderTemplateID(index: 0)
}
