/// Where a stream starts that brings no position.
public enum StartPoint: String, Sendable, Equatable {
    /// At the newest event (S2.2).
    case present
    /// At the first event of the log.
    case beginning
}
