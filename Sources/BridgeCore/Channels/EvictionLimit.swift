/// Decides when a new channel may be made after somebody took the last one (C6): pauses that grow, and no more than so many within an hour.
public struct EvictionLimit: Hashable, Sendable {
    private static let hour = Duration.seconds(3600)

    private let perHourMax: Int
    private var backoff: Backoff
    /// When new channels were or will be made, the oldest first.
    private var returns: [Instant] = []

    /// At most `perHourMax` new channels within an hour.
    public init(_ policy: Backoff.Policy, perHourMax: Int) {
        self.backoff = Backoff(policy)
        self.perHourMax = max(perHourMax, 1)
    }

    /// There was an eviction: when to make a new channel. After an hour without one the pauses start small again.
    public mutating func evicted(now: Instant, random: inout some RandomNumberGenerator) -> Instant {
        if self.count(now: now) == 0 { self.backoff.reset() }
        self.returns.removeAll { $0.advanced(by: Self.hour) <= now }
        var at = now.advanced(by: self.backoff.nextDelay(random: &random))
        if self.returns.count >= self.perHourMax {
            at = max(at, self.returns[self.returns.count - self.perHourMax].advanced(by: Self.hour))
        }
        self.returns.append(at)
        return at
    }

    /// Whether a new channel may be made at once, which then counts; else none may before `nextReturn`.
    public mutating func mayReturn(now: Instant) -> Bool {
        self.returns.removeAll { $0.advanced(by: Self.hour) <= now }
        guard self.returns.count < self.perHourMax else { return false }
        self.returns.append(now)
        return true
    }

    /// When there is room for another one within the hour; nil: there is.
    public var nextReturn: Instant? {
        guard self.returns.count >= self.perHourMax else { return nil }
        return self.returns[self.returns.count - self.perHourMax].advanced(by: Self.hour)
    }

    /// Evictions whose return lies less than an hour back, or ahead.
    public func count(now: Instant) -> Int {
        self.returns.count { $0.advanced(by: Self.hour) > now }
    }
}
