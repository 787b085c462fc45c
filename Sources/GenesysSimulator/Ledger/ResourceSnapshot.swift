/// What the simulator knows to be true of one resource. The `keySequence` of an event counts the events of its resource.
public struct ResourceSnapshot: Sendable, Equatable, Codable {
    /// The key of its events.
    public let resourceId: String
    /// The name of its events.
    public let event: String
    /// What people call it.
    public let name: String
    /// Whether it may be subscribed to now.
    public let state: ResourceState
    /// The first `keySequence` that a client was offered; nil when no stream ever covered the resource.
    public let firstKeySequence: Int?
    /// One more than the last `keySequence` that a client was offered. Streams without event type filters are presumed.
    public let nextKeySequence: Int
    /// Between them, those that no client can have: pairs of the first and the one behind the last.
    public let skippedKeySequences: [[Int]]
    /// Where in the tenant's log those are: one pair of sequence numbers for each pair of them.
    public let skippedSequences: [[Int]]
}
