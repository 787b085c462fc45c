/// What a record's key is.
enum RecordKey: String, CaseIterable, Sendable {
    /// The entity whose order matters: the event's `resourceId`.
    case entity
}
