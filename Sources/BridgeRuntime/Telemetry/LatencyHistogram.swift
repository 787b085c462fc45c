internal import BridgeCore

/// A histogram of durations with buckets at most 1/16 wide, from 1 µs to 71 minutes. Fixed size, no allocation after `init`.
public struct LatencyHistogram: Hashable, Sendable {
    private static let bucketsPerDoubling = 16
    private var counts = [UInt64](repeating: 0, count: 33 * LatencyHistogram.bucketsPerDoubling)
    /// How many durations were recorded.
    public private(set) var count: UInt64 = 0

    /// An empty histogram.
    public init() {}

    /// Counts one duration.
    public mutating func record(_ duration: Duration) {
        let microseconds = UInt64(max(1, duration.wholeNanoseconds / 1000))
        let doubling = 63 - microseconds.leadingZeroBitCount
        let fraction =
            doubling < 4
            ? Int(microseconds << UInt64(4 - doubling)) & 15 : Int(microseconds >> UInt64(doubling - 4)) & 15
        self.counts[min(doubling * Self.bucketsPerDoubling + fraction, self.counts.count - 1)] += 1
        self.count += 1
    }

    /// The upper edge of the bucket that holds the `quantile` (0...1); nil while empty.
    public func quantile(_ quantile: Double) -> Duration? {
        guard self.count > 0 else { return nil }
        let rank = max(1, UInt64((Double(self.count) * quantile).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in self.counts.enumerated() {
            seen += count
            guard seen >= rank else { continue }
            let doubling = index / Self.bucketsPerDoubling
            let fraction = index % Self.bucketsPerDoubling
            let edge =
                Double(UInt64(1) << UInt64(doubling)) * (1 + Double(fraction + 1) / Double(Self.bucketsPerDoubling))
            return .nanoseconds(Int64(edge * 1000))
        }
        return nil
    }
}
