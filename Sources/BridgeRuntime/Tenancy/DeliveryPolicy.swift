public import BridgeCore

/// Times and limits of a stream between its queue and its checkpoint, whatever its dialect.
public struct DeliveryPolicy: Hashable, Sendable {
    /// The bound on what is between receipt, or the spool, and acknowledgement.
    public var inFlight: BoundedQueue<NotificationBatch>.Limits
    /// How often positions are written.
    public var commit: CommitSchedule.Policy
    /// What becomes of a record that Kafka refuses for good.
    public var onRefused: RefusalPolicy
    /// So long Kafka may answer nothing of what is under way before that is said. What a transaction holds is answered when it ends.
    public var silenceLimit: Duration

    /// A policy.
    public init(
        inFlight: BoundedQueue<NotificationBatch>.Limits,
        commit: CommitSchedule.Policy,
        onRefused: RefusalPolicy = .deadLetter,
        silenceLimit: Duration = .seconds(30)
    ) {
        self.inFlight = inFlight
        self.commit = commit
        self.onRefused = onRefused
        self.silenceLimit = silenceLimit
    }
}
