/// What becomes of a record that Kafka refuses for good.
public enum RefusalPolicy: Hashable, Sendable {
    /// It goes to the dead letters, and the stream goes on.
    case deadLetter
    /// It is tried again and again, and nothing behind it is committed.
    case retry
}
