/// The time, as drivers read it and hand it to machines.
public protocol BridgeClock: Sendable {
    /// Monotonic time.
    var now: Instant { get }
    /// Milliseconds since 1970-01-01T00:00:00Z, for records and people.
    var wallMilliseconds: Int64 { get }
    /// Waits; throws `CancellationError` when the task is cancelled.
    func sleep(until deadline: Instant) async throws
}
