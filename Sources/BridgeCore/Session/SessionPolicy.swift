/// Times and limits of one session.
public struct SessionPolicy: Hashable, Sendable {
    /// Pings and the application heartbeat.
    public var keepAlive: KeepAlive.Policy
    /// Delays between attempts.
    public var backoff: Backoff.Policy
    /// Delays after a refused tenant, refused subscriptions or a refused record: things that only a person mends.
    public var refusal: Backoff.Policy
    /// A connection that brought a batch and is up for so long is healthy: backoff starts anew (S4.1).
    public var healthyAfter: Duration
    /// A socket is held back for at most so long before it is closed (S3.3).
    public var maxStall: Duration
    /// What to do where there is no committed position yet (S2.2).
    public var onMissingCheckpoint: MissingCheckpointChoice

    /// What to do where the server no longer has the position (S4.10).
    public var onPositionLost: PositionLostChoice
    /// So long before its token expires a socket is followed by another (S4.8), or a quarter of what is left when that is less; nil: never.
    public var rolloverMargin: Duration?
    /// What was pruned is tried again after so long (S5.3).
    public var revalidateInterval: Duration
    /// A probe that was not refused for so long was taken (S5.4).
    public var probeTimeout: Duration

    /// What to do where the server no longer has the position (S4.10).
    public enum PositionLostChoice: String, Hashable, Sendable, CaseIterable {
        /// Record the gap and start at the server's present.
        case `continue`
        /// Park the stream until a person decides.
        case fail
    }

    /// What to do where there is no committed position yet (S2.2).
    public enum MissingCheckpointChoice: String, Hashable, Sendable, CaseIterable {
        /// Start at the server's present and say so.
        case start
        /// Park the stream until a person decides.
        case fail
    }

    /// A policy; the defaults are the guide's where it gives any.
    public init(
        keepAlive: KeepAlive.Policy,
        backoff: Backoff.Policy = .init(),
        refusal: Backoff.Policy = .init(base: .seconds(30), cap: .seconds(15 * 60)),
        healthyAfter: Duration = .seconds(30),
        maxStall: Duration = .seconds(60),
        onMissingCheckpoint: MissingCheckpointChoice = .start,
        onPositionLost: PositionLostChoice = .continue,
        rolloverMargin: Duration? = .seconds(60),
        revalidateInterval: Duration = .seconds(300),
        probeTimeout: Duration = .seconds(15)
    ) {
        self.keepAlive = keepAlive
        self.backoff = backoff
        self.refusal = refusal
        self.healthyAfter = healthyAfter
        self.maxStall = maxStall
        self.onMissingCheckpoint = onMissingCheckpoint
        self.onPositionLost = onPositionLost
        self.rolloverMargin = rolloverMargin
        self.revalidateInterval = revalidateInterval
        self.probeTimeout = probeTimeout
    }
}
