/// Decides when a tenant's resources are listed (S5.5): at the start, every interval, and sooner after a failure.
public struct SyncSchedule: Hashable, Sendable {
    private let interval: Duration
    private var backoff: Backoff
    /// When to list next.
    public private(set) var nextAt: Instant

    /// A schedule that begins at `now`.
    public init(interval: Duration, backoff: Backoff.Policy, now: Instant) {
        self.interval = interval
        self.backoff = Backoff(backoff)
        self.nextAt = now
    }

    /// Everything was listed.
    public mutating func listed(now: Instant) {
        self.backoff.reset()
        self.nextAt = now.advanced(by: self.interval)
    }

    /// A list could not be had. What is known stays as it is.
    public mutating func failed(now: Instant, random: inout some RandomNumberGenerator) {
        self.nextAt = now.advanced(by: min(self.backoff.nextDelay(random: &random), self.interval))
    }
}
