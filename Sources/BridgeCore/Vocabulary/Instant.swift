/// A point on a monotonic clock, in nanoseconds since an origin that only the clock's owner knows.
///
/// Machines take it as a parameter and never read a clock, so that the same machine runs on a real and on a simulated one.
public struct Instant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the clock's origin.
    public var nanoseconds: Int64

    /// An instant `nanoseconds` after the clock's origin.
    public init(nanoseconds: Int64 = 0) {
        self.nanoseconds = nanoseconds
    }

    /// The instant `duration` later. A result out of range stops at the last representable instant.
    public func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return Instant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from this instant to `other`.
    public func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds - self.nanoseconds)
    }

    /// Earlier before later.
    public static func < (lhs: Instant, rhs: Instant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}

extension Duration {
    /// The duration in whole nanoseconds, clamped to what an `Int64` holds (292 years).
    public var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = self.components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? (seconds < 0 ? .min : .max) : sum
    }

    /// The duration in seconds, for people and metrics.
    public var inSeconds: Double {
        Double(self.wholeNanoseconds) / 1e9
    }
}
