/// One header of a template.
public struct KafkaHeader: Hashable, Sendable {
    /// Where a header's value comes from.
    public enum Value: Hashable, Sendable {
        /// The same bytes for every record.
        case constant([UInt8])
        /// The record's own bytes: `slot0` … `slot3` of its descriptor. A record without them lacks the header.
        case slot(Int)
    }

    /// The header's name.
    public let name: String
    /// The header's value.
    public let value: Value

    /// - Parameters:
    ///   - name: the header's name.
    ///   - value: a constant, or one of the slots 0 … 3.
    public init(name: String, value: Value) {
        self.name = name
        self.value = value
    }

    /// How many slots a record has.
    public static let slotCount = 4
}
