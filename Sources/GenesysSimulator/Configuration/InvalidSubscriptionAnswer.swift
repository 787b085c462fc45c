/// What a handshake gets that names a subscription which is not valid (S5.1).
public enum InvalidSubscriptionAnswer: String, Sendable, Equatable, CaseIterable {
    /// It is accepted, and the stream is closed with code 400 at once.
    case close
    /// HTTP 400.
    case http
}
