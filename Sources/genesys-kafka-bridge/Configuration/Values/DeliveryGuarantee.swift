/// What is promised about an event.
enum DeliveryGuarantee: String, CaseIterable, Sendable {
    /// Each event reaches Kafka; a crash repeats at most the uncommitted window.
    case atLeastOnce = "at-least-once"
    /// Each event is in Kafka once for readers with `read_committed`: records and positions are written in one transaction.
    case exactlyOnce = "exactly-once"
}
