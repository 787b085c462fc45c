/// An OAuth access token of one tenant.
public struct AccessToken: Hashable, Sendable {
    /// The token as it goes to the server.
    public var secret: Secret
    /// Counts the tokens that this process was given for the tenant, from 1: names a token without showing it.
    public var serial: Int
    /// When the server stops taking it; nil where nobody knows.
    public var expiresAt: Instant?

    /// The `serial`-th token of a tenant.
    public init(secret: Secret, serial: Int, expiresAt: Instant? = nil) {
        self.secret = secret
        self.serial = serial
        self.expiresAt = expiresAt
    }
}
