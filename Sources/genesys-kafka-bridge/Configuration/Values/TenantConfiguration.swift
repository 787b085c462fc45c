/// One Genesys organization.
struct TenantConfiguration: Hashable, Sendable {
    var name: String
    var streamProtocol: StreamProtocol
    var endpoints: TenantEndpoints
    var credentials: TenantCredentials
    /// Events of one message at most; the server splits by it.
    var maxBatchSize: Int
    /// How long the server may hold events back, and how often it sends an empty batch at least.
    var maxLatency: Duration
    var onMissingCheckpoint: MissingCheckpointPolicy
    var onPositionLost: PositionLostPolicy
    /// Its own, or that of all.
    var privacy = PrivacyConfiguration()
    /// Never empty; no two are the same.
    var subscriptions: [SubscriptionConfiguration]
}
