/// The headers that a record carries.
enum RecordHeaderStyle: String, CaseIterable, Sendable {
    /// CloudEvents 1.0, Kafka binding, binary mode.
    case cloudevents
    /// No headers: bytes only.
    case none
}
