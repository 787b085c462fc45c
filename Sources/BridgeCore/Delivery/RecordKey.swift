/// What the key of an event's record is.
public enum RecordKey: Hashable, Sendable {
    /// The entity whose order matters: the event's `resourceId`.
    case entity
    /// Null: the records of a topic have no order, and are spread over its partitions.
    case none
    /// The value at this place in the event; the entity where there is none.
    case pointer(JSONPointer)
}
