/// What is known of a record, or of a whole batch (its least certain record). From best to worst.
public enum KafkaDeliveryStatus: Int, Hashable, Sendable, Comparable {
    /// The brokers have it, as `acks` asks.
    case persisted
    /// No broker has it.
    case notPersisted
    /// A broker may have it: delivering it again may make a second one.
    case possiblyPersisted

    /// From best to worst.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
