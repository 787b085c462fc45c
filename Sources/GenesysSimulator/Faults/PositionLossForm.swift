/// How a resume is told that its position is gone (S4.10).
public enum PositionLossForm: String, Sendable, Hashable, CaseIterable, Codable {
    /// HTTP 410.
    case gone
    /// HTTP 400, whose message names the position.
    case badRequest
    /// The upgrade succeeds, and the stream is closed with 400 and a reason that names the position.
    case close
}
