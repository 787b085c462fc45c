public import BridgeCore

/// How a tenant's tokens stand, for health and status pages.
public struct TokenStatus: Hashable, Sendable {
    /// Whether there is a token that has not expired and was not refused.
    public var isValid: Bool
    /// When the current token expires, on the clock that the service was given; nil where there is none.
    public var expiresAt: Instant?
    /// How many requests in a row were refused or failed; 0 once a token is granted.
    public var consecutiveRefusalCount: Int
    /// Why the last one was, without a secret; nil once a token is granted.
    public var lastRefusal: String?
}
