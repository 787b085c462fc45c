import BridgeCore

/// What a token endpoint granted.
struct TokenGrant: Hashable {
    /// The token.
    var secret: Secret
    /// How long it is valid from when it was asked for.
    var lifetime: Duration
}
