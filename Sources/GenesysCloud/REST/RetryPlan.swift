import BridgeCore

/// Decides whether a REST request that failed is sent again, and when. Reads no clock and draws no numbers.
struct RetryPlan {
    /// What to do about a failure.
    enum Action: Hashable {
        /// Send it again, not before this instant and not before the budget lets it.
        case retry(at: Instant)
        /// The failure stands.
        case giveUp
    }

    /// The first delay; doubles with each failure. A delay is drawn from [d, 2d).
    static let backoffBase = Duration.milliseconds(500)
    /// The longest d.
    static let backoffCap = Duration.seconds(8)

    /// Nothing is sent at or behind this instant.
    let deadline: Instant
    private let attemptsMax: Int
    private var failureCount = 0

    /// At most `attemptsMax` attempts, all before `deadline`.
    init(attemptsMax: Int, deadline: Instant) {
        self.attemptsMax = attemptsMax
        self.deadline = deadline
    }

    /// An attempt failed. `random` is in 0..<1.
    mutating func failed(_ failure: RESTFailure, now: Instant, random: Double) -> Action {
        self.failureCount += 1
        let delay: Duration
        switch failure.kind {
        case .unauthorized, .forbidden, .notFound, .refused, .unusable, .cancelled: return .giveUp
        case .throttled: delay = .zero  // the budget holds it back
        case .transient:
            let d = min(Self.backoffBase * (1 << min(self.failureCount - 1, 10)), Self.backoffCap)
            delay = max(d * (1 + random), .seconds(failure.retryAfterSeconds ?? 0))
        }
        let at = now.advanced(by: delay)
        guard self.failureCount < self.attemptsMax, at < self.deadline else { return .giveUp }
        return .retry(at: at)
    }
}
