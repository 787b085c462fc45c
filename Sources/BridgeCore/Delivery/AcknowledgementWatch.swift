/// Notices that nothing of what is under way to Kafka is answered, so that no stream stands still without a word.
public struct AcknowledgementWatch: Hashable, Sendable {
    private enum State: Hashable {
        /// Nothing is under way. → `waiting`
        case idle
        /// Something is, and was answered or handed over last at `since`. → `idle`, `silent`
        case waiting(since: Instant)
        /// For longer than may be, and this was said. → `idle`, `waiting`
        case silent(since: Instant, sayAgainAt: Instant)
    }

    private let limit: Duration
    private var state = State.idle

    /// - Parameter limit: so long an answer may take before something is said.
    public init(limit: Duration) {
        self.limit = limit
    }

    /// A batch is on its way.
    public mutating func handedOver(now: Instant) {
        if case .idle = self.state { self.state = .waiting(since: now) }
    }

    /// Something was answered, in whatever way, and `outstanding` batches are not.
    ///
    /// - Returns: how long there was no answer, where something was said of that.
    public mutating func answered(outstanding: Int, now: Instant) -> Duration? {
        let before = self.state
        self.state = outstanding > 0 ? .waiting(since: now) : .idle
        guard case .silent(let since, _) = before else { return nil }
        return since.duration(to: now)
    }

    /// How long there has been no answer, where that is to be said now. It is said again whenever that time has doubled.
    public mutating func next(now: Instant) -> Duration? {
        guard let deadline = self.nextDeadline, now >= deadline, let since = self.unansweredSince else { return nil }
        let silence = since.duration(to: now)
        self.state = .silent(since: since, sayAgainAt: now.advanced(by: silence))
        return silence
    }

    /// When `next` has something to say; nil while nothing is under way.
    public var nextDeadline: Instant? {
        switch self.state {
        case .idle: nil
        case .waiting(let since): since.advanced(by: self.limit)
        case .silent(_, let sayAgainAt): sayAgainAt
        }
    }

    /// Since when there is no answer, where that is longer than may be.
    public var silentSince: Instant? {
        guard case .silent(let since, _) = self.state else { return nil }
        return since
    }

    private var unansweredSince: Instant? {
        switch self.state {
        case .idle: nil
        case .waiting(let since), .silent(let since, _): since
        }
    }
}
