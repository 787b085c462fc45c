/// A header of a consumed record. Names may repeat.
public struct KafkaConsumedHeader: Hashable, Sendable {
    /// The header's name.
    public let name: String
    /// The header's bytes; `nil` is a null.
    public let value: [UInt8]?

    /// See the properties.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}
