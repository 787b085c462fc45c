/// A channel as the server made it. Whoever knows its id or its URI can read its events: both are redacted like a token.
public struct NotificationChannel: Hashable, Sendable {
    /// The server's id.
    public var id: Secret
    /// Where its socket is opened, as it is.
    public var connectURI: Secret
    /// When the server forgets it, in milliseconds since 1970-01-01T00:00:00Z; nil where the server did not say.
    public var expiresAtMilliseconds: Int64?

    /// The channel `id`.
    public init(id: Secret, connectURI: Secret, expiresAtMilliseconds: Int64?) {
        self.id = id
        self.connectURI = connectURI
        self.expiresAtMilliseconds = expiresAtMilliseconds
    }
}
