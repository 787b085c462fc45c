import BridgeCore

/// Decides when one tenant's next REST request may go. Reads no clock and draws no numbers.
///
/// Two gates stand one behind the other. Ours is a token bucket, which counts on when a token is replaced. The server's
/// is what its answers say of the current token's window: it is only ever lowered within a window, for answers may
/// overtake each other. A 429 shuts both.
struct RequestBudget {
    /// What to do with a request.
    enum Action: Hashable {
        /// It goes, and counts. `finished` says when it is over.
        case send
        /// Ask again at this instant.
        case wait(until: Instant)
    }

    /// A window of the server's.
    private struct Window: Hashable {
        var remaining: Int
        var endsAt: Instant
    }

    /// The longest that a server's `Retry-After` is obeyed.
    static let retryAfterSecondsMax = 900
    /// How long a 429 holds that does not say; doubles with each one in a row.
    static let holdBase = Duration.seconds(5)
    /// The longest of these.
    static let holdCap = Duration.seconds(60)

    /// The time between two requests that the rate comes to.
    private let interval: Duration
    /// How far ahead of the rate requests may be: a burst less one.
    private let tolerance: Duration
    /// When the bucket is full again (the "theoretical arrival time" of the generic cell rate algorithm).
    private var fullAt: Instant
    private var holdUntil: Instant?
    private var window: Window?
    private var serial = 0
    private var inFlightCount = 0
    private var throttledCount = 0

    /// A full bucket. Both numbers are at least 1.
    init(requestsPerMinute: Int, burst: Int, now: Instant) {
        self.interval = .seconds(60) / max(requestsPerMinute, 1)
        self.tolerance = self.interval * (max(burst, 1) - 1)
        self.fullAt = now
    }

    /// Whether a request with the token of `serial` may go at `now`.
    mutating func take(serial: Int, now: Instant) -> Action {
        if serial > self.serial {
            // The server counts by token: what it said of the last one does not hold for this one.
            self.serial = serial
            self.window = nil
        }
        var until = self.fullAt.advanced(by: .zero - self.tolerance)
        if let hold = self.holdUntil { until = max(until, hold) }
        if let window = self.window, window.remaining <= 0 { until = max(until, window.endsAt) }
        guard now >= until else { return .wait(until: until) }
        if let window = self.window, now >= window.endsAt { self.window = nil }
        self.fullAt = max(self.fullAt, now).advanced(by: self.interval)
        self.window?.remaining -= 1
        self.inFlightCount += 1
        return .send
    }

    /// A request that went is over, answered or not.
    mutating func finished() {
        self.inFlightCount = max(self.inFlightCount - 1, 0)
    }

    /// An answer other than 429 came; called behind `finished`. What is still in flight may not be in the server's count yet.
    mutating func answered(serial: Int, limits: RateLimitHeaders?, now: Instant) {
        self.throttledCount = 0
        guard let limits, serial == self.serial else { return }
        var remaining = max(limits.allowed - limits.count, 0) - self.inFlightCount
        if let window = self.window, now < window.endsAt { remaining = min(remaining, window.remaining) }
        self.window = Window(remaining: remaining, endsAt: now.advanced(by: .seconds(limits.resetSeconds)))
    }

    /// A 429 came: nothing goes for as long as the server asks, or as long as its window lasts, or a time that doubles
    /// from `holdBase` to `holdCap`. `random`, in 0..<1, adds up to a second: others were sent away too.
    mutating func throttled(retryAfterSeconds: Int?, limits: RateLimitHeaders?, now: Instant, random: Double) {
        self.throttledCount += 1
        let own = min(Self.holdBase * (1 << min(self.throttledCount - 1, 10)), Self.holdCap)
        let asked = (retryAfterSeconds ?? limits?.resetSeconds).map { seconds in
            Duration.seconds(min(seconds, Self.retryAfterSecondsMax))
        }
        let until = now.advanced(by: (asked ?? own) + .seconds(random))
        self.holdUntil = max(self.holdUntil ?? until, until)
    }
}
