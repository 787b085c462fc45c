/// The offsets that a partition holds: `low..<high`.
public struct KafkaWatermarks: Hashable, Sendable {
    /// The oldest offset that is kept.
    public let low: Int64
    /// The offset that the next record will get.
    public let high: Int64

    /// See the properties.
    public init(low: Int64, high: Int64) {
        self.low = low
        self.high = high
    }
}
