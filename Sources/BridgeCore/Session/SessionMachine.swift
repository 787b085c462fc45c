/// The life of one stream's sockets: token, pre-flight, the host's turn, connect, keep alive, roll over, reconnect, resume, settle, park, stop.
///
/// One method per thing that happens; each returns what to do. It reads no clock and draws no randomness of its own. Whatever state it is in,
/// either an operation that the driver bounds is in flight or `nextDeadline` is set (`no-dead-wait`).
public struct SessionMachine: Sendable {
    /// Times and limits.
    public let policy: SessionPolicy
    var state: SessionState = .idle
    var backoff: Backoff
    var refusals: Backoff
    /// What was committed when delivery failed last; nil before the first time.
    var committedAtFailure: Position??
    /// Delays between attempts at a successor, which are nobody's but its own.
    var successorBackoff: Backoff
    /// What is subscribed to, and what the server does not take of it.
    public internal(set) var registry: SubscriptionRegistry
    /// The newest position of which everything is committed or still held here (S4.3).
    public internal(set) var resumePosition: Position?
    /// Consecutive expired tokens without a healthy connection in between (S4.4).
    var unhealthyExpiries = 0
    /// Consecutive 403s: the first asks for a new token (S1.7).
    var forbiddenCount = 0
    /// Where a poison message ended a connection; nil once the position has moved on (S2.7).
    var suspectedPoison: SuspectedPoison?
    /// Gaps that have to be recorded before anything that a socket brings from now on.
    var pendingGaps: [StreamGap] = []
    /// Sockets that opened and whose end has not been reported.
    var openSockets: Set<SocketID> = []
    var lastSocket = 0
    /// When what was pruned is tried again.
    var revalidateAt: Instant?

    /// The resume point behind which something unreadable came; nil for a stream that has none yet.
    struct SuspectedPoison: Hashable, Sendable {
        var position: Position?
    }

    /// A session of `topics` that resumes behind `committed`.
    public init(policy: SessionPolicy, topics: [SubscriptionTopic], committed: Position?) {
        self.policy = policy
        self.backoff = Backoff(policy.backoff)
        self.refusals = Backoff(policy.refusal)
        self.successorBackoff = Backoff(policy.backoff)
        self.registry = SubscriptionRegistry(wanted: topics)
        self.resumePosition = committed
    }
}

// MARK: - Start and stop

extension SessionMachine {
    /// Begins.
    public mutating func start() -> [SessionAction] {
        guard case .idle = self.state else { return [] }
        if self.resumePosition == nil, self.policy.onMissingCheckpoint == .fail {
            return self.park(
                "there is no committed position, and onMissingCheckpoint is 'fail': set it to 'start' to begin "
                    + "at the server's present"
            )
        }
        return self.beginAttempt(tokenNewerThan: nil)
    }

    /// Ends: stop reading, drain, commit, close. Anything after the first call changes nothing.
    public mutating func stop() -> [SessionAction] {
        switch self.state {
        case .draining, .finished:
            return []
        case .idle, .attempting, .open, .closing, .settling, .backingOff, .parked:
            // What is being discarded stays discarded; the drain waits behind it.
            self.state = .draining(isSettled: false)
            return [.stopReading, .drainAndSettle]
        }
    }

    /// What the driver was asked to wait for is done; `committed` is the durable position, and `lost` are the gaps that were handed on
    /// and whose records were discarded.
    public mutating func settled(
        committed: Position?,
        lost: [StreamGap] = [],
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch self.state {
        case .settling(var settling):
            settling.isSettled = true
            // Behind other events it is another failure: what was refused before has been delivered, or set aside.
            if let before = self.committedAtFailure, before != committed { self.refusals.reset() }
            self.committedAtFailure = .some(committed)
            // What was discarded must come again, so the only safe resume point is the durable one.
            self.resumePosition = committed
            // The record of what is left out may have been among what was discarded; and it misses what was discarded, too.
            self.registry.movedBack(to: committed)
            self.pendingGaps.removeAll { $0.cause == .unsubscribed && $0.resolution == .open }
            self.noteLost(lost, committed: committed)
            for topic in self.registry.prunedTopics { self.noteGap(of: [topic], from: committed) }
            self.state = .settling(settling)
            return self.afterSettling(now: now, random: &random)
        case .draining:
            self.state = .draining(isSettled: true)
            return self.afterDraining(closing: true)
        case .idle, .attempting, .open, .closing, .backingOff, .parked, .finished:
            return []
        }
    }

    /// What a subscription missed until a socket brought it again is said again where its record was discarded, and what a deleted resource
    /// left behind, too. Other gaps are found again behind the committed position: a lost position, an unreadable message, a start at the
    /// present.
    private mutating func noteLost(_ gaps: [StreamGap], committed: Position?) {
        // What was received of a deleted resource was discarded as well.
        for index in self.pendingGaps.indices where self.pendingGaps[index].isOfDropped {
            self.pendingGaps[index].from = committed
        }
        for var gap in gaps where gap.isOfDropped {
            gap.from = committed
            self.pendingGaps.append(gap)
        }
        let wanted = Set(self.registry.wanted)
        let closed = gaps.filter { gap in
            gap.cause == .unsubscribed && gap.resolution != .open && !gap.isOfDropped
                && gap.topics?.contains(where: wanted.contains) == true
        }
        for var gap in closed where !self.pendingGaps.contains(gap) {
            // Behind the committed position everything comes again, with what was left out.
            gap.to = committed ?? gap.to
            self.pendingGaps.append(gap)
        }
    }

    mutating func afterSettling(now: Instant, random: inout some RandomNumberGenerator) -> [SessionAction] {
        guard case .settling(let settling) = self.state, settling.isSettled, self.openSockets.isEmpty else { return [] }
        return self.backOff(self.refusals.nextDelay(random: &random), reason: settling.reason, now: now)
    }

    mutating func afterDraining(closing: Bool) -> [SessionAction] {
        guard case .draining(isSettled: true) = self.state else { return [] }
        guard self.openSockets.isEmpty else { return closing ? self.closeAll() : [] }
        self.state = .finished
        return [.finish]
    }

    func closeAll() -> [SessionAction] {
        self.openSockets.sorted { $0.number < $1.number }.map { .close($0, code: 1000, reason: "") }
    }
}

// MARK: - Delivery

extension SessionMachine {
    /// A batch was not acknowledged: discard what follows it and resume from the committed position, so that order holds.
    public mutating func deliveryFailed(reason: String) -> [SessionAction] {
        switch self.state {
        case .attempting, .open, .closing, .backingOff, .parked(_, retryAt: .some):
            self.state = .settling(SessionState.Settling(reason: reason))
            // A record that was not delivered may be among what is discarded: it is said again where it still holds.
            return [.stopReading, .discardAndSettle] + self.closeAll()
        case .parked:
            // The way back is a restart, which starts from the committed position anyway.
            return [.discardAndSettle]
        case .settling, .draining, .finished:
            return []
        case .idle:
            preconditionFailure("delivery failed before anything was received")
        }
    }
}

// MARK: - Time

extension SessionMachine {
    /// When `deadlineReached` has something to do, at the latest; nil while an operation is in flight.
    public var nextDeadline: Instant? {
        switch self.state {
        case .open(let open):
            return self.nextDeadline(of: open)
        case .backingOff(let pause):
            return pause.until
        case .parked(_, let retryAt):
            return retryAt
        case .idle, .attempting, .closing, .settling, .draining, .finished:
            return nil
        }
    }

    /// The time is `now`: whatever is due happens.
    public mutating func deadlineReached(
        now: Instant,
        random: inout some RandomNumberGenerator
    ) -> [SessionAction] {
        switch self.state {
        case .backingOff(let pause):
            guard now >= pause.until else { return [] }
            return self.beginAttempt(tokenNewerThan: pause.tokenNewerThan)
        case .parked(_, let retryAt):
            guard let retryAt, now >= retryAt else { return [] }
            self.registry.startOver()
            return self.beginAttempt(tokenNewerThan: nil)
        case .open:
            return self.deadlineReachedWhileOpen(now: now, random: &random)
        case .idle, .attempting, .closing, .settling, .draining, .finished:
            return []
        }
    }
}

// MARK: - What is where

extension SessionMachine {
    /// What the session is doing.
    public var status: SessionStatus {
        switch self.state {
        case .idle: .idle
        case .attempting(let attempt): .attempting(attempt.phase.status)
        case .open: .open
        case .closing: .closing
        case .settling: .settling
        case .backingOff(let pause): .backingOff(reason: pause.reason)
        case .parked(let reason, _): .parked(reason: reason)
        case .draining: .draining
        case .finished: .finished
        }
    }

    /// The gap that has to be recorded next, before anything else is handed on; then `gapHandedOn`.
    public var pendingGap: StreamGap? { self.pendingGaps.first }

    /// The record of `gap` is on its way.
    public mutating func gapHandedOn(_ gap: StreamGap) {
        switch self.state {
        case .settling:
            // It is being discarded with what is behind it.
            return
        case .idle, .attempting, .open, .closing, .backingOff, .parked, .draining, .finished:
            if let index = self.pendingGaps.firstIndex(of: gap) { self.pendingGaps.remove(at: index) }
        }
    }

    /// Whether `id` is the socket that is read, or the one that is to follow it: what it brings matters.
    public func concerns(_ id: SocketID) -> Bool {
        guard case .open(let open) = self.state else { return false }
        if case .open(let socket) = open.successor, socket.id == id { return true }
        return open.live.id == id
    }

    /// Where the socket that is read began; nil: at the server's present.
    public var resumedFrom: Position? {
        guard case .open(let open) = self.state else { return nil }
        return open.live.attempt.resumedFrom
    }

    /// What the socket that is read asks for.
    public var subscribed: [SubscriptionTopic] {
        guard case .open(let open) = self.state else { return [] }
        return open.live.attempt.topics
    }

    /// How many sockets are open, with those that are being closed.
    public var openSocketCount: Int { self.openSockets.count }

    /// Whether a rollover is under way.
    public var isRollingOver: Bool {
        guard case .open(let open) = self.state else { return false }
        return open.successor != nil
    }

    mutating func park(_ reason: String, retryAt: Instant? = nil) -> [SessionAction] {
        self.state = .parked(reason: reason, retryAt: retryAt)
        return []
    }

    mutating func backOff(
        _ delay: Duration,
        reason: String,
        tokenNewerThan: Int? = nil,
        now: Instant
    ) -> [SessionAction] {
        let pause = SessionState.Pause(
            reason: reason,
            until: now.advanced(by: delay),
            tokenNewerThan: tokenNewerThan
        )
        self.state = .backingOff(pause)
        return []
    }

    mutating func becameHealthy() {
        self.backoff.reset()
        self.refusals.reset()
        self.successorBackoff.reset()
        self.forbiddenCount = 0
        self.unhealthyExpiries = 0
    }
}
