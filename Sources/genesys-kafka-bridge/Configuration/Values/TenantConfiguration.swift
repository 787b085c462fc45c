import BridgeCore

/// One Genesys organization.
struct TenantConfiguration: Hashable, Sendable {
    var name: String
    var streamProtocol: StreamProtocol
    var endpoints: TenantEndpoints
    var credentials: TenantCredentials
    /// Events of one message at most; the server splits by it. Like what follows, of a stream alone.
    var maxBatchSize: Int
    /// How long the server may hold events back, and how often it sends an empty batch at least.
    var maxLatency: Duration
    var onMissingCheckpoint: MissingCheckpointPolicy
    var onPositionLost: PositionLostPolicy
    /// Its own, or that of all.
    var privacy = PrivacyConfiguration()
    /// Of a stream, never empty, and no two are the same; empty with another protocol.
    var subscriptions: [SubscriptionConfiguration] = []
    /// Of channels, never empty, and no two are the same; empty with another protocol.
    var channelSubscriptions: [ChannelSubscription] = []

    /// What it wants of channels; empty with another protocol.
    var channelRules: [ChannelTopicRule] { self.channelSubscriptions.map(\.rule) }

    /// How many subscriptions it has, whatever they bring.
    var subscriptionCount: Int { self.subscriptions.count + self.channelSubscriptions.count }

    /// What its subscriptions bring, as records see it, in the file's order.
    var routedEvents: [RoutedEvents] {
        switch self.streamProtocol {
        case .stream: self.subscriptions.map(\.routedEvents)
        case .channels: self.channelSubscriptions.flatMap(\.routedEvents)
        }
    }
}
