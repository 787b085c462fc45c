/// Decides when the transaction of a tenant partition begins and ends, and what is let into it. It ends at the end of a message of each of
/// its streams, so that the positions that are committed with it cover exactly its records.
///
/// - Receives: batches of the partition's streams as they are handed over, and their reports.
/// - Hands to: its driver, what is to be done next.
/// - Holds at most: an entry for each stream.
public struct TransactionMachine: Hashable, Sendable {
    /// What the driver does next.
    public enum Step: Hashable, Sendable {
        /// Wait for its records, write the positions and commit. → `ended`, `commitRefused`, `uncertain`
        case commit
        /// Abort: a record of it was not written. → `ended`, `uncertain`
        case abort(reason: String)
        /// Make a new producer, which ends what the old one left open, and read what is committed. → `ended`, `lost`
        case recover(reason: String)
    }

    /// What becomes of a batch that wants to get in.
    public enum Admission: Hashable, Sendable {
        /// It belongs to the transaction. `begins`: there is none, begin it first.
        case admitted(begins: Bool)
        /// Ask again when something has changed.
        case wait
        /// Nothing is written any more.
        case refused(reason: String)
    }

    private enum Phase: Hashable {
        /// There is no transaction. → `open`, `failed`
        case idle
        /// Takes what comes. → `ending`, `failed`
        case open
        /// It is due: only the rest of messages that have begun gets in. → `working`, `failed`
        case ending(giveUpAt: Instant)
        /// It cannot be committed; what is being handed over ends first. → `working`
        case failed(Step)
        /// The driver's calls are under way. → `idle`, `failed`, `lost`
        case working(Step)
        /// Somebody else has the partition. Terminal.
        case lost(reason: String)
    }

    private struct Share: Hashable {
        enum Message: Hashable {
            /// The last batch ended its message.
            case ended
            /// Its rest is awaited.
            case begun
            /// Its rest does not come in this transaction.
            case abandoned
        }

        var batches = 0
        var bytes = 0
        var message = Message.ended
    }

    private let policy: TransactionPolicy
    private var phase = Phase.idle
    private var shares: [StreamID: Share] = [:]
    /// Batches that are being handed over.
    private var handingOver = 0
    /// Batches that were let in and are not reported.
    private var unreported = 0
    /// Somebody waits for the end: it is due at once.
    private var isHurried = false
    /// When the present transaction began; nil while there is none.
    public private(set) var beganAt: Instant?
    /// Messages that a commit has cut in two.
    public private(set) var splitMessages = 0

    /// No transaction yet.
    public init(_ policy: TransactionPolicy) {
        self.policy = policy
    }

    /// Whether a batch of `stream` may get in. One that may is in: `handedOver` and `reported` must follow.
    public mutating func admit(
        _ stream: StreamID,
        heldBytes: Int,
        endsMessage: Bool,
        now: Instant
    ) -> Admission {
        self.endIfDue(now)
        switch self.phase {
        case .idle, .open: break
        case .ending:
            guard self.shares[stream]?.message == .begun else { return .wait }
        case .failed, .working: return .wait
        case .lost(let reason): return .refused(reason: reason)
        }
        let begins = self.phase == .idle
        if begins {
            self.phase = .open
            self.beganAt = now
        }
        self.shares[stream, default: Share()].batches += 1
        self.shares[stream]?.bytes += heldBytes
        self.shares[stream]?.message = endsMessage ? .ended : .begun
        self.handingOver += 1
        self.unreported += 1
        return .admitted(begins: begins)
    }

    /// `stream` sends nothing more until what it sent is reported: the transaction is due, and the rest of a message of the stream does not
    /// come in it.
    public mutating func settle(_ stream: StreamID) {
        switch self.phase {
        case .open, .ending: break
        case .idle, .failed, .working, .lost: return
        }
        guard let share = self.shares[stream] else { return }
        if share.message == .begun { self.shares[stream]?.message = .abandoned }
        self.isHurried = true
    }

    /// A batch that was let in is with the producer, or was given up.
    public mutating func handedOver() {
        precondition(self.handingOver > 0, "nothing is being handed over")
        self.handingOver -= 1
    }

    /// The producer has reported all records of a batch.
    public mutating func reported() {
        precondition(self.unreported > 0, "everything is reported")
        self.unreported -= 1
    }

    /// A record of the transaction was not written: it cannot be committed.
    public mutating func failed(reason: String) {
        switch self.phase {
        case .open, .ending: self.phase = .failed(.abort(reason: reason))
        // The commit that is under way will say so itself, and so will an abort.
        case .idle, .failed, .working, .lost: break
        }
    }

    /// The producer can do nothing more, or what it did is not known.
    public mutating func uncertain(reason: String) {
        switch self.phase {
        case .idle, .open, .ending, .failed, .working: self.phase = .failed(.recover(reason: reason))
        case .lost: break
        }
    }

    /// What is to be done now, if anything: each step is given once.
    public mutating func next(now: Instant) -> Step? {
        self.endIfDue(now)
        switch self.phase {
        case .ending(let giveUpAt):
            // What is not reported yet is waited for by the commit.
            guard self.handingOver == 0 else { return nil }
            guard now >= giveUpAt || !self.shares.values.contains(where: { $0.message == .begun }) else { return nil }
            self.splitMessages += self.shares.values.count { $0.message != .ended }
            self.phase = .working(.commit)
            return .commit
        case .failed(let step):
            guard self.handingOver == 0 else { return nil }
            self.phase = .working(step)
            return step
        case .idle, .open, .working, .lost: return nil
        }
    }

    /// When `next` has something to do by time alone; nil while it waits for something else.
    public var nextDeadline: Instant? {
        switch self.phase {
        case .open: self.beganAt?.advanced(by: self.policy.interval)
        case .ending(let giveUpAt): self.handingOver == 0 ? giveUpAt : nil
        case .idle, .failed, .working, .lost: nil
        }
    }

    /// The positions' own records are with the producer: they are reported as one batch more.
    public mutating func admitPositions() {
        self.unreported += 1
    }

    /// Whether the producer has something of the transaction.
    public var hasUnreported: Bool { self.unreported > 0 }

    /// Whether the transaction cannot be committed.
    public var isFailed: Bool {
        if case .failed = self.phase { return true }
        return false
    }

    /// Whether the driver's calls are under way.
    public var isStepUnderWay: Bool {
        if case .working = self.phase { return true }
        return false
    }

    /// Whether `next` may have something to do at once.
    public func needsAttention(now: Instant) -> Bool {
        switch self.phase {
        case .open: self.isDue(now)
        case .ending, .failed: true
        case .idle, .working, .lost: false
        }
    }

    /// The step is done: there is no transaction any more. Every batch of it must have been reported.
    public mutating func ended() {
        guard case .working = self.phase else { preconditionFailure("no step is under way") }
        precondition(self.unreported == 0, "\(self.unreported) batches are not reported")
        self.phase = .idle
        self.forgetTransaction()
    }

    /// The commit was refused: it must be aborted.
    public mutating func commitRefused(reason: String) {
        guard case .working(.commit) = self.phase else { preconditionFailure("no commit is under way") }
        self.phase = .failed(.abort(reason: reason))
    }

    /// Somebody else has the partition: nothing is written any more (`one-owner`).
    public mutating func lost(reason: String) {
        self.phase = .lost(reason: reason)
        self.forgetTransaction()
    }

    private mutating func endIfDue(_ now: Instant) {
        guard case .open = self.phase, self.isDue(now) else { return }
        self.phase = .ending(giveUpAt: now.advanced(by: self.policy.messageTimeout))
    }

    private mutating func forgetTransaction() {
        self.beganAt = nil
        self.shares = [:]
        self.isHurried = false
    }

    private func isDue(_ now: Instant) -> Bool {
        guard let beganAt = self.beganAt else { return false }
        return self.isHurried || now >= beganAt.advanced(by: self.policy.interval)
            || self.shares.values.contains { share in
                share.batches >= self.policy.batches || share.bytes >= self.policy.bytes
            }
    }
}
