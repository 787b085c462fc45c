/// Decides when a host may be connected to: a rate limit that all sockets of the process share (S4.2), and the hold-off after the host said
/// "too many", which holds back every one of them (S3.4). One for each host.
///
/// An attempt reserves a turn, waits for it, and confirms it: a hold-off that came meanwhile gives it a later one. Each attempt costs the
/// same, however many wait.
public struct ConnectionGate: Hashable, Sendable {
    /// Rate and hold-off.
    public struct Policy: Hashable, Sendable {
        /// Attempts a second, one after the other: a quiet time earns no burst.
        public var attemptsPerSecond: Double
        /// Delays after "too many", where the server does not say how long.
        public var holdOff: Backoff.Policy

        /// A policy; the hold-off's defaults are S3.4's.
        public init(
            attemptsPerSecond: Double = 10,
            holdOff: Backoff.Policy = .init(base: .seconds(60), cap: .seconds(15 * 60))
        ) {
            self.attemptsPerSecond = attemptsPerSecond
            self.holdOff = holdOff
        }

        /// What a host asks for is obeyed up to this: an hour, or the hold-off's own cap where that is longer. One that means longer says so
        /// again, and one that said it by mistake does not hold a process off for ever.
        var askedMax: Duration { max(.seconds(3600), self.holdOff.cap) }
    }

    /// A place in the line.
    public struct Turn: Hashable, Sendable {
        /// When it comes.
        public var at: Instant
        /// How many hold-offs there were when it was given.
        var epoch: Int
    }

    /// What a waiter does whose turn has come.
    public enum Admission: Hashable, Sendable {
        /// Connect now.
        case go
        /// Wait for another turn, and confirm that.
        case wait(Turn)
    }

    private let policy: Policy
    private let interval: Int64
    /// No turn before this.
    private var nextTurnAt: Instant
    /// When somebody was let through last.
    private var lastAdmittedAt: Instant?
    private var holdOff: Backoff
    /// No attempt before this.
    public private(set) var heldOffUntil: Instant?
    private var epoch = 0

    /// A gate that has let nobody through yet.
    public init(_ policy: Policy, now: Instant) {
        self.policy = policy
        self.interval = max(1, Int64(1e9 / max(policy.attemptsPerSecond, 1e-6)))
        self.nextTurnAt = now
        self.holdOff = Backoff(policy.holdOff)
    }

    /// The next turn.
    public mutating func reserve(now: Instant) -> Turn {
        let at = max(now, self.nextTurnAt)
        self.nextTurnAt = at.advanced(by: .nanoseconds(self.interval))
        return Turn(at: at, epoch: self.epoch)
    }

    /// The time of `turn` has come.
    public mutating func confirm(_ turn: Turn, now: Instant) -> Admission {
        let turn = turn.epoch == self.epoch ? turn : self.reserve(now: now)
        guard now >= turn.at else { return .wait(turn) }
        self.lastAdmittedAt = now
        return .go
    }

    /// The host said "too many". What says it again while the hold-off lasts may prolong it, but does not double it.
    public mutating func throttled(
        retryAfterSeconds: Int?,
        now: Instant,
        random: inout some RandomNumberGenerator
    ) {
        let isHeldOff = self.heldOffUntil.map { now < $0 } ?? false
        let until: Instant
        if let seconds = retryAfterSeconds {
            until = now.advanced(by: min(.seconds(max(seconds, 0)), self.policy.askedMax))
        } else if isHeldOff {
            // The host's block begins anew with what it says now; it is a first one.
            var first = Backoff(self.policy.holdOff)
            until = now.advanced(by: first.nextDelay(random: &random))
        } else {
            until = now.advanced(by: self.holdOff.nextDelay(random: &random))
        }
        if let heldOffUntil = self.heldOffUntil, isHeldOff, heldOffUntil >= until { return }
        self.heldOffUntil = until
        // Turns that were given are void; the line starts behind the hold-off, and behind whoever was let through last.
        self.epoch += 1
        let last = self.lastAdmittedAt?.advanced(by: .nanoseconds(self.interval))
        self.nextTurnAt = max(until, last ?? until)
    }

    /// A connection to the host was healthy: the next hold-off is a first one again.
    public mutating func becameHealthy() {
        self.holdOff.reset()
    }
}
