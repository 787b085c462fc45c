import NIOCore

/// What an accepted upgrade entitles a stream to.
struct StreamGrant {
    /// The number of the connection, unique within the simulator.
    let number: Int
    /// The simulated node that it is on.
    let node: Int
    /// The client's.
    let address: String
    let tenant: TenantState
    /// Secret.
    let token: String
    let tokenExpires: NIODeadline
    let subscriptions: [Subscription]
    let filter: SubscriptionFilter
    /// The first sequence number of the stream.
    let start: Int
    /// The next sequence number that the client's position stands for; nil when it came without one.
    let resumedAt: Int?
    let batchSizeMax: Int
    let latency: TimeAmount
}
