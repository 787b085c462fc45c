public import BridgeCore

/// The machine's clocks.
public struct SystemClock: BridgeClock {
    private let origin: ContinuousClock.Instant

    /// A clock whose origin is now.
    public init() {
        self.origin = ContinuousClock.now
    }

    /// Monotonic time since this clock was made.
    public var now: Instant {
        Instant().advanced(by: self.origin.duration(to: .now))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var wallMilliseconds: Int64 {
        WallClock.milliseconds
    }

    /// Waits; throws `CancellationError` when the task is cancelled.
    public func sleep(until deadline: Instant) async throws {
        try await ContinuousClock().sleep(until: self.origin.advanced(by: Instant().duration(to: deadline)))
    }
}
