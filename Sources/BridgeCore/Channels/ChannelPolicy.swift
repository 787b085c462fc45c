/// Times and limits of one topic set's channels (C11). Every one is a setting; the ranges stand beside them.
public struct ChannelPolicy: Hashable, Sendable {
    /// A socket without any message for so long is dead. 10 s … 5 min; above the server's heartbeat of about 30 s.
    public var silenceLimit: Duration
    /// Time from one application ping to the next. 1 s … 60 s. A gap begins at most so long, and a round trip, before the loss.
    public var pingInterval: Duration
    /// A ping without an answer for so long means that events may be missing: another channel follows. 1 s … 60 s.
    public var pongTimeout: Duration
    /// So long before its channel or its token ends a socket is followed by another, or a quarter of what is left when that is less.
    /// 1 min … 12 h.
    public var rolloverMargin: Duration
    /// Both sockets are read for so long at least. 0 s … 60 s.
    public var overlap: Duration
    /// The old socket is closed after so long although it has not caught up; that is a gap. `overlap` … 10 min.
    public var overlapMax: Duration
    /// Pauses before the same URI is dialled again.
    public var redial: Backoff.Policy
    /// How often the same URI is dialled again. 0 … 2 (C5).
    public var redialsMax: Int
    /// Pauses between attempts at a channel.
    public var backoff: Backoff.Policy
    /// Pauses after somebody took the channel (C6).
    public var eviction: Backoff.Policy
    /// New channels within an hour after evictions, at most. 1 … 60.
    public var evictionsPerHourMax: Int
    /// What the server refused (400, 403) is asked for anew after so long. 1 min … 24 h.
    public var refusedInterval: Duration
    /// Rejected topics are asked for again after so long. 1 min … 24 h.
    public var revalidateInterval: Duration
    /// A socket that is live for so long is healthy: pauses start small again. 1 s … 10 min.
    public var healthyAfter: Duration
    /// Two live channels at all times (C8).
    public var isRedundant: Bool
    /// Whether the answer to an application ping shows that a new socket is live, as a heartbeat or an event does. Sooner by up to a
    /// heartbeat, on the word of the connection alone.
    public var pongMeansLive: Bool

    /// A policy; the defaults are safe for one bridge in one organization.
    public init(
        silenceLimit: Duration = .seconds(35),
        pingInterval: Duration = .seconds(15),
        pongTimeout: Duration = .seconds(10),
        rolloverMargin: Duration = .seconds(600),
        overlap: Duration = .seconds(5),
        overlapMax: Duration = .seconds(90),
        redial: Backoff.Policy = .init(base: .seconds(1), cap: .seconds(5), jitter: .full),
        redialsMax: Int = 2,
        backoff: Backoff.Policy = .init(base: .seconds(1), cap: .seconds(60)),
        eviction: Backoff.Policy = .init(base: .seconds(10), cap: .seconds(15 * 60)),
        evictionsPerHourMax: Int = 6,
        refusedInterval: Duration = .seconds(15 * 60),
        revalidateInterval: Duration = .seconds(300),
        healthyAfter: Duration = .seconds(30),
        isRedundant: Bool = false,
        pongMeansLive: Bool = false
    ) {
        self.silenceLimit = silenceLimit
        self.pingInterval = pingInterval
        self.pongTimeout = pongTimeout
        self.rolloverMargin = rolloverMargin
        self.overlap = overlap
        self.overlapMax = max(overlapMax, overlap)
        self.redial = redial
        self.redialsMax = redialsMax
        self.backoff = backoff
        self.eviction = eviction
        self.evictionsPerHourMax = max(evictionsPerHourMax, 1)
        self.refusedInterval = refusedInterval
        self.revalidateInterval = revalidateInterval
        self.healthyAfter = healthyAfter
        self.isRedundant = isRedundant
        self.pongMeansLive = pongMeansLive
    }
}
