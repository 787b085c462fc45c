/// What the simulator knows to be true of one tenant: what an audit compares with.
public struct TenantSnapshot: Sendable, Equatable, Codable {
    /// The tenant's name.
    public let name: String
    /// One more than the highest sequence number that any stream has been sent.
    public let eventsOffered: Int
    /// One more than the highest sequence number that exists; equal to `eventsOffered` at an unlimited rate.
    public let eventsProduced: Int
    /// Where the tenant's first stream began: nothing before it is owed to the client. Nil before any stream.
    public let firstSequence: Int?
    /// Events behind `firstSequence` that no connection was given, because one without a position began behind them: pairs of the first
    /// sequence number and the one behind the last.
    public let skipped: [[Int]]
    /// Events written, replays included.
    public let eventsSent: Int
    /// The next `keySequence` of each resource, at `eventsOffered`.
    public let keySequences: [String: Int]
    /// Streams that are open now.
    public let connectionsOpen: Int
    /// The newest thousand, oldest first.
    public let connections: [ConnectionSnapshot]
    /// Upgrade requests with a valid token of the tenant, refused ones included.
    public let upgradeAttempts: Int
    /// Streams opened so far.
    public let upgradesAccepted: Int
    /// Token requests with the tenant's credentials, refused ones included.
    public let tokenRequests: Int
    /// Tokens issued so far.
    public let tokensIssued: Int
    /// Pings of clients, answered or not.
    public let pingsReceived: Int
    /// Pongs of clients.
    public let pongsReceived: Int
    /// Streams closed because their token's lifetime was over.
    public let expiriesOnStream: Int
    /// Faults that took effect, by ``FaultKind``'s name.
    public let faultsFired: [String: Int]
    /// What the client did that it must not, by ``ClientViolation``'s name.
    public let violations: [String: Int]
}
