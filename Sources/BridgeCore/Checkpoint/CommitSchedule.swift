/// Decides when a stream's position is written: every N batches or T after the first of them, one write in flight, the newest
/// position wins. `position-monotonic` holds because positions come in the ledger's order and are written in that order.
public struct CommitSchedule: Hashable, Sendable {
    /// How often to write.
    public struct Policy: Hashable, Sendable {
        /// A position waits at most so long.
        public var interval: Duration
        /// So many batches are committed at once, without waiting for the interval.
        public var batches: Int
        /// Pause after a write that failed.
        public var retryDelay: Duration

        /// A policy.
        public init(interval: Duration, batches: Int, retryDelay: Duration = .seconds(1)) {
            self.interval = interval
            self.batches = batches
            self.retryDelay = retryDelay
        }
    }

    private enum State: Hashable {
        /// Nothing to write. → `waiting` when a position comes.
        case idle
        /// A position waits for its interval or for company. → `writing` when due.
        case waiting(Checkpoint, batches: Int, dueAt: Instant)
        /// One write is in flight; what came since waits. → `idle`, `waiting`.
        case writing(Checkpoint, batches: Int, next: Pending?)
    }

    private struct Pending: Hashable {
        var checkpoint: Checkpoint
        var batches: Int
        var since: Instant
    }

    private let policy: Policy
    private var state: State = .idle
    /// After a failed write: no other before this, however busy the stream is and whoever asks.
    private var pausedUntil: Instant?
    /// The last position that is durable.
    public private(set) var committed: Checkpoint?

    /// A schedule that starts from what the store holds.
    public init(_ policy: Policy, committed: Checkpoint?) {
        self.policy = policy
        self.committed = committed
    }

    /// The ledger's prefix moved to `checkpoint`, `batches` batches further. Returns how many batches need no write.
    @discardableResult
    public mutating func advanced(to checkpoint: Checkpoint, batches: Int, now: Instant) -> Int {
        switch self.state {
        case .idle:
            // A quiet stream's empty batches repeat the position: nothing new to write.
            if checkpoint.position == self.committed?.position { return batches }
            self.state = .waiting(checkpoint, batches: batches, dueAt: now.advanced(by: self.policy.interval))
        case .waiting(_, let waiting, let dueAt):
            self.state = .waiting(checkpoint, batches: waiting + batches, dueAt: dueAt)
        case .writing(let writing, let writingBatches, let next):
            let pending = Pending(
                checkpoint: checkpoint,
                batches: (next?.batches ?? 0) + batches,
                since: next?.since ?? now
            )
            self.state = .writing(writing, batches: writingBatches, next: pending)
        }
        return 0
    }

    /// What to write now, if anything. `force` does not wait for the interval: a drain.
    public mutating func nextWrite(now: Instant, force: Bool = false) -> Checkpoint? {
        guard case .waiting(let checkpoint, let batches, let dueAt) = self.state else { return nil }
        if let pausedUntil = self.pausedUntil, now < pausedUntil { return nil }
        guard force || now >= dueAt || batches >= self.policy.batches else { return nil }
        self.state = .writing(checkpoint, batches: batches, next: nil)
        return checkpoint
    }

    /// The write in flight is durable. Returns how many batches that commits.
    @discardableResult
    public mutating func wrote() -> Int {
        guard case .writing(let checkpoint, let batches, let next) = self.state else {
            preconditionFailure("no write is in flight")
        }
        self.committed = checkpoint
        self.pausedUntil = nil
        if let next {
            let dueAt = next.since.advanced(by: self.policy.interval)
            self.state = .waiting(next.checkpoint, batches: next.batches, dueAt: dueAt)
        } else {
            self.state = .idle
        }
        return batches
    }

    /// The write in flight failed: the newest position is tried again after a pause.
    public mutating func writeFailed(now: Instant) {
        guard case .writing(let checkpoint, let batches, let next) = self.state else {
            preconditionFailure("no write is in flight")
        }
        let retryAt = now.advanced(by: self.policy.retryDelay)
        self.pausedUntil = retryAt
        let waiting = batches + (next?.batches ?? 0)
        self.state = .waiting(next?.checkpoint ?? checkpoint, batches: waiting, dueAt: retryAt)
    }

    /// When `nextWrite` has something to do, at the latest; nil while nothing waits or a write is in flight.
    public var nextDeadline: Instant? {
        guard case .waiting(_, _, let dueAt) = self.state else { return nil }
        return dueAt
    }

    /// Whether so many batches wait that they are due at once.
    public var isBatchFull: Bool {
        guard case .waiting(_, let batches, _) = self.state else { return false }
        return batches >= self.policy.batches
    }

    /// Whether every position that came is durable.
    public var isSettled: Bool {
        self.state == .idle
    }
}
