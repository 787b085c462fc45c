/// The field of a batch that carries its position (S2.2).
public enum PositionField: String, Sendable, Equatable {
    case lastEventId
    /// Batches have no `lastEventId`: their `timestamp` is the position.
    case timestamp
}
