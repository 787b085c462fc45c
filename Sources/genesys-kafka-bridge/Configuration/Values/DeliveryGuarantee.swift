/// What is promised about an event.
enum DeliveryGuarantee: String, CaseIterable, Sendable {
    /// Each event reaches Kafka; a crash repeats at most the uncommitted window.
    case atLeastOnce = "at-least-once"
}
