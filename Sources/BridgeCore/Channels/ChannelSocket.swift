/// An open socket of a channel.
struct ChannelSocket: Hashable {
    let id: SocketID
    let openedAt: Instant
    /// Since when it certainly observes; nil: it was not heard yet.
    var liveSince: Instant?
    /// When something came last.
    var heardAt: Instant
    var nextPingAt: Instant
    /// Pings that no pong has answered yet. A pong does not say which ping it answers, and one that was dropped must not be taken for answered: so
    /// nothing is proven before all are answered, and a second one is sent only where no answer could be seen.
    private var unansweredCount = 0
    private var lastPingAt: Instant
    /// Since when the next pong is waited for.
    private var waitsForPongSince: Instant
    /// No pong has come for so long that events may have been dropped with it.
    var isSuspect = false
    /// It is not read: what is waiting in it cannot be seen.
    var isHeldBack = false
    /// Since when it is read without a break, and so watched for silence.
    var watchedSince: Instant
    var isHealthy = false
    /// What it brings is handed on.
    var hasJoined = false
    /// Everything that was sent on it before this was read and handed on; nil: nothing is proven.
    var caughtUpAt: Instant?

    init(_ id: SocketID, now: Instant) {
        self.id = id
        self.openedAt = now
        self.heardAt = now
        self.nextPingAt = now
        self.watchedSince = now
        self.lastPingAt = now
        self.waitsForPongSince = now
    }

    /// When a ping is due; nil: not before a pong has come.
    var pingDeadline: Instant? { self.unansweredCount == 0 || self.isHeldBack ? self.nextPingAt : nil }

    /// A ping is wanted. Returns it where it may be sent now; else it is due as soon as a pong has come.
    mutating func ping(now: Instant, interval: Duration) -> [ChannelAction] {
        guard self.pingDeadline != nil else {
            self.nextPingAt = min(self.nextPingAt, now)
            return []
        }
        if self.unansweredCount == 0 { self.waitsForPongSince = now }
        self.nextPingAt = now.advanced(by: interval)
        self.lastPingAt = now
        self.unansweredCount += 1
        return [.ping(self.id)]
    }

    /// A pong was read. Where it answers the last ping, everything that was sent before that was read, too: returns when.
    mutating func ponged(now: Instant) -> Instant? {
        guard self.unansweredCount > 0 else { return nil }
        self.unansweredCount -= 1
        self.waitsForPongSince = now
        guard self.unansweredCount == 0 else { return nil }
        self.isSuspect = false
        return self.lastPingAt
    }

    /// Since when an answer could have been read; nil: none is missing, or nobody could see it.
    var pongMissingSince: Instant? {
        guard self.unansweredCount > 0, !self.isHeldBack else { return nil }
        return max(self.waitsForPongSince, self.watchedSince)
    }
}
