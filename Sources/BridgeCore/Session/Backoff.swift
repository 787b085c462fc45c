/// Exponential backoff with jitter (S4.1). Knows no clock: it says how long to wait, the caller says when it was asked.
public struct Backoff: Hashable, Sendable {
    /// How delays are drawn.
    public struct Policy: Hashable, Sendable {
        /// Where in the interval a delay may fall.
        public enum Jitter: String, Hashable, Sendable, CaseIterable {
            /// From [d, 2d): never sooner than d. The guide's choice.
            case above
            /// From [0, d): spreads a crowd widest.
            case full
        }

        /// The first d.
        public var base: Duration
        /// The largest d.
        public var cap: Duration
        /// Where in the interval a delay falls.
        public var jitter: Jitter

        /// A policy; the defaults are S4.1's.
        public init(base: Duration = .seconds(1), cap: Duration = .seconds(30), jitter: Jitter = .above) {
            self.base = base
            self.cap = cap
            self.jitter = jitter
        }
    }

    /// How delays are drawn.
    public let policy: Policy
    /// Delays drawn since the last reset.
    public private(set) var failures = 0

    /// A backoff that has seen no failure yet.
    public init(_ policy: Policy) {
        self.policy = policy
    }

    /// The time to wait after one more failure. d doubles from `base` to `cap`; the delay is drawn around it.
    public mutating func nextDelay(random: inout some RandomNumberGenerator) -> Duration {
        // 2^62 would overflow an Int64; no cap is that far away.
        let doublings = min(self.failures, 62)
        self.failures += 1
        let base = max(1, self.policy.base.wholeNanoseconds)
        let cap = max(base, self.policy.cap.wholeNanoseconds)
        let (scaled, overflow) = base.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let d = overflow ? cap : min(scaled, cap)
        let draw = Int64.random(in: 0..<d, using: &random)
        switch self.policy.jitter {
        case .above: return .nanoseconds(d.addingReportingOverflow(draw).overflow ? Int64.max : d + draw)
        case .full: return .nanoseconds(draw)
        }
    }

    /// Forgets the failures: the connection was healthy.
    public mutating func reset() {
        self.failures = 0
    }
}
