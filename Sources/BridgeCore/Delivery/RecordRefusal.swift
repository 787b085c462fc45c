/// A record of a batch that Kafka refuses for good.
public struct RecordRefusal: Hashable, Sendable {
    /// What the refusal holds for.
    public enum Extent: Hashable, Sendable {
        /// Something in the request that the record was in: this record, or another one.
        case request
        /// This record.
        case record
        /// Every record of its Kafka topic.
        case topic
    }

    /// The record's index in its batch.
    public var index: Int
    /// What the refusal holds for.
    public var extent: Extent
    /// Why, in Kafka's words.
    public var reason: String
    /// The reason is the size.
    public var isTooLarge: Bool

    /// A refusal of the record at `index`.
    public init(index: Int, extent: Extent, reason: String, isTooLarge: Bool = false) {
        self.isTooLarge = isTooLarge
        self.index = index
        self.extent = extent
        self.reason = reason
    }
}
