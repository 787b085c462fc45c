internal import BridgeCore

/// How long to wait before a producer that became fatal is replaced. What ends a producer once is over with it; what ends each of them, such
/// as brokers that do not let this user produce, waits for a person.
struct ReplacementPause {
    /// One that lived for so long has worked.
    static let healthyAfter = Duration.seconds(30)

    private var backoff = Backoff(.init(base: .milliseconds(100), cap: .seconds(30), jitter: .full))
    private var since: Instant

    /// The first producer is made `now`.
    init(now: Instant) {
        self.since = now
    }

    /// The producer became fatal `now`; the next one is made after this. The first is made at once.
    mutating func next(now: Instant, random: inout some RandomNumberGenerator) -> Duration {
        if self.since.duration(to: now) >= Self.healthyAfter { self.backoff.reset() }
        let isFirst = self.backoff.failures == 0
        let delay = self.backoff.nextDelay(random: &random)
        let pause = isFirst ? .zero : delay
        self.since = now.advanced(by: pause)
        return pause
    }
}
