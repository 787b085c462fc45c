/// Decides when to ping and when a peer counts as dead (S4.6, S4.7), apart from each other: pongs prove the transport, batches
/// prove the application. While reading is held back neither can be seen, so both deadlines are suspended (S3.3).
public struct KeepAlive: Hashable, Sendable {
    /// Intervals and limits.
    public struct Policy: Hashable, Sendable {
        /// Time from one ping to the next.
        public var pingInterval: Duration
        /// A pong that takes longer is missed.
        public var pongTimeout: Duration
        /// So many missed pongs in a row, and the peer is dead.
        public var missedPongsMax: Int
        /// No batch, not even an empty one, for so long, and the peer is dead; nil: not watched.
        public var heartbeatTimeout: Duration?

        /// A policy; the defaults are S4.6's.
        public init(
            pingInterval: Duration = .seconds(30),
            pongTimeout: Duration = .seconds(10),
            missedPongsMax: Int = 3,
            heartbeatTimeout: Duration?
        ) {
            self.pingInterval = pingInterval
            self.pongTimeout = pongTimeout
            self.missedPongsMax = missedPongsMax
            self.heartbeatTimeout = heartbeatTimeout
        }
    }

    /// What is due.
    public enum Action: Hashable, Sendable {
        /// Send a ping.
        case ping
        /// The peer missed too many pongs.
        case pongsMissed
        /// The application sent nothing for too long.
        case heartbeatMissed
    }

    private let policy: Policy
    private var nextPingAt: Instant
    /// When the pong to the oldest unanswered ping is late; nil where none is awaited.
    private var pongDueAt: Instant?
    private var missedPongs = 0
    private var lastBatchAt: Instant
    private var isHeldBack = false
    /// Whether a ping went out that no pong has answered: its deadline starts anew when reading goes on.
    private var isPongAwaited = false

    /// A connection that opened at `now`.
    public init(_ policy: Policy, now: Instant) {
        self.policy = policy
        self.nextPingAt = now.advanced(by: policy.pingInterval)
        self.lastBatchAt = now
    }

    /// Any pong resets the count of missed ones.
    public mutating func pongReceived() {
        self.missedPongs = 0
        self.pongDueAt = nil
        self.isPongAwaited = false
    }

    /// A batch came, empty or not.
    public mutating func batchReceived(now: Instant) {
        self.lastBatchAt = now
    }

    /// The socket is not read from now on.
    public mutating func heldBack() {
        self.isHeldBack = true
        self.pongDueAt = nil
    }

    /// The socket is read again: what is waiting in it deserves its full time to be seen.
    public mutating func released(now: Instant) {
        self.isHeldBack = false
        self.lastBatchAt = now
        self.pongDueAt = self.isPongAwaited ? now.advanced(by: self.policy.pongTimeout) : nil
    }

    /// When `deadlineReached` has something to do, at the latest.
    public var nextDeadline: Instant {
        var next = self.nextPingAt
        guard !self.isHeldBack else { return next }
        if let due = self.pongDueAt { next = min(next, due) }
        if let timeout = self.policy.heartbeatTimeout { next = min(next, self.lastBatchAt.advanced(by: timeout)) }
        return next
    }

    /// What is due at `now`; nil if nothing is. Ask again until it says nil.
    public mutating func deadlineReached(now: Instant) -> Action? {
        if !self.isHeldBack {
            if let timeout = self.policy.heartbeatTimeout, now >= self.lastBatchAt.advanced(by: timeout) {
                return .heartbeatMissed
            }
            if let due = self.pongDueAt, now >= due {
                self.pongDueAt = nil
                self.missedPongs += 1
                if self.missedPongs >= self.policy.missedPongsMax { return .pongsMissed }
            }
        }
        guard now >= self.nextPingAt else { return nil }
        self.nextPingAt = now.advanced(by: self.policy.pingInterval)
        self.isPongAwaited = true
        // The oldest unanswered ping decides: a newer one must not move its deadline.
        if !self.isHeldBack, self.pongDueAt == nil { self.pongDueAt = now.advanced(by: self.policy.pongTimeout) }
        return .ping
    }
}
