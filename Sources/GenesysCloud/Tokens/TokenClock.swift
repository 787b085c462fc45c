public import BridgeCore

/// The time and the random numbers that the services which ask a server go by: tokens and the REST API.
public struct TokenClock: Sendable {
    /// The monotonic clock.
    public var now: @Sendable () -> Instant
    /// The wall clock, in seconds since 1970-01-01T00:00:00Z: only a `Retry-After` that is a date needs it.
    public var secondsSince1970: @Sendable () -> Int64
    /// A number in 0..<1.
    public var random: @Sendable () -> Double
    /// Waits as long as said; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// The given clocks and numbers. `sleep` is the only place of this module that waits for time: a test passes one of its own.
    public init(
        now: @escaping @Sendable () -> Instant,
        secondsSince1970: @escaping @Sendable () -> Int64,
        random: @escaping @Sendable () -> Double,
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.now = now
        self.secondsSince1970 = secondsSince1970
        self.random = random
        self.sleep = sleep
    }
}
