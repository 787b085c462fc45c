import BridgeCore

/// An OAuth client of a Genesys organization (S1.4).
struct TenantCredentials: Hashable, Sendable {
    var clientID: String
    var clientSecret: Secret
}
