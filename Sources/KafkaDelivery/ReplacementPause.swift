internal import BridgeCore

/// How long to wait before a producer that became fatal is replaced. What ends a producer that has worked is over with it; what ends each
/// of them before it has written anything, such as brokers that do not let this user produce, waits for a person.
struct ReplacementPause {
    private var backoff = Backoff(.init(base: .milliseconds(100), cap: .seconds(30), jitter: .full))

    /// The next producer is made after this; at once where the last one had written something, or was the first to fail.
    mutating func next(hadWorked: Bool, random: inout some RandomNumberGenerator) -> Duration {
        if hadWorked { self.backoff.reset() }
        let isFirst = self.backoff.failures == 0
        let delay = self.backoff.nextDelay(random: &random)
        return isFirst ? .zero : delay
    }
}
