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
    /// Events behind `firstSequence` that the client need not have: a connection without a position began behind them, or they came in
    /// unreadable messages on two connections. Pairs of the first sequence number and the one behind the last; one gap record each.
    public let skipped: [[Int]]
    /// Events that came in unreadable messages, the newest thousand: pairs of the first sequence number and the one behind the last.
    public let unreadable: [[Int]]
    /// The sequence numbers of events that are not as a client expects, by the ``FaultKind`` that asked for it: without a name or
    /// with one that nobody subscribed to they are dead letters, without a resource their key is null (S2.8).
    public let alteredEvents: [String: [Int]]
    /// Events written, replays included.
    public let eventsSent: Int
    /// The next `keySequence` of each resource, at `eventsOffered`.
    public let keySequences: [String: Int]
    /// What is owed of each resource, the deleted ones included. An audit of streams that do not cover everything goes by this.
    public let resources: [ResourceSnapshot]
    /// Streams that are open now.
    public let connectionsOpen: Int
    /// The newest thousand, oldest first.
    public let connections: [ConnectionSnapshot]
    /// For how long the client was without a stream.
    public let coverage: CoverageSnapshot
    /// Upgrade requests with a valid token of the tenant, refused ones included.
    public let upgradeAttempts: Int
    /// When they came: pairs of a second since the simulator's start and a count, the newest 3,600.
    public let upgradeAttemptsPerSecond: [[Int]]
    /// How they were answered: an HTTP status, or `close` and the code of a stream that was refused after 101.
    public let upgradeAnswers: [String: Int]
    /// Streams opened so far.
    public let upgradesAccepted: Int
    /// Token requests with the tenant's credentials, refused ones included.
    public let tokenRequests: Int
    /// Tokens issued so far.
    public let tokensIssued: Int
    /// REST calls with a valid token of the tenant: `subscriptions` (the pre-flight), `queues`, `users`.
    public let restCalls: [String: Int]
    /// Of them, those that were answered with 429.
    public let restCallsLimited: Int
    /// Pings of clients, answered or not.
    public let pingsReceived: Int
    /// Pings to clients.
    public let pingsSent: Int
    /// Pongs of clients.
    public let pongsReceived: Int
    /// Of them, those that repeat the payload of a ping that none had answered yet.
    public let pongsMatched: Int
    /// Streams closed because their token's lifetime was over.
    public let expiriesOnStream: Int
    /// Faults that took effect, by ``FaultKind``'s name.
    public let faultsFired: [String: Int]
    /// What the client did that it must not, by ``ClientViolation``'s name.
    public let violations: [String: Int]
}
