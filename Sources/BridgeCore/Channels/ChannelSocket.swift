/// An open socket of a channel.
struct ChannelSocket: Hashable {
    /// Pings that may go unanswered before no more are sent. A pong counts for the oldest: it proves less than it could, never more. One that was
    /// sent and not noted would be answered, too, and that answer would count for one that was sent later.
    private static let pingsMax = 8

    let id: SocketID
    let openedAt: Instant
    /// Since when it certainly observes; nil: it was not heard yet.
    var liveSince: Instant?
    /// When something came last.
    var heardAt: Instant
    var nextPingAt: Instant
    /// When the pings were sent that no pong has answered, the oldest first.
    private var pings: [Instant] = []
    /// It is not read: what is waiting in it cannot be seen.
    var isHeldBack = false
    /// Since when it is read without a break, and so watched for silence.
    var watchedSince: Instant
    var isHealthy = false
    /// What it brings is handed on.
    var hasJoined = false

    init(_ id: SocketID, now: Instant) {
        self.id = id
        self.openedAt = now
        self.heardAt = now
        self.nextPingAt = now
        self.watchedSince = now
    }

    /// A ping is due. Returns it where it may be sent.
    mutating func ping(now: Instant, interval: Duration) -> [ChannelAction] {
        self.nextPingAt = now.advanced(by: interval)
        guard self.pings.count < Self.pingsMax else { return [] }
        self.pings.append(now)
        return [.ping(self.id)]
    }

    /// A pong was read: everything that was sent before this moment was read, too.
    mutating func ponged() -> Instant? {
        self.pings.isEmpty ? nil : self.pings.removeFirst()
    }
}
