/// Growing pauses between attempts.
struct BackoffConfiguration: Hashable, Sendable {
    /// The first pause.
    var base: Duration
    /// Where doubling ends.
    var cap: Duration
    var jitter: BackoffJitter
}
