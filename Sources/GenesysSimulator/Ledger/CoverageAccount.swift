import NIOCore

/// For how long a tenant's client was without any stream.
struct CoverageAccount {
    private static let intervalCountMax = 1_000

    private let start: NIODeadline
    private var openCount = 0
    /// Since when there is no stream; nil before the first one.
    private var uncoveredSince: NIODeadline?
    /// The most streams that were open at once.
    private(set) var openCountMax = 0
    /// Those that are over, the newest thousand: milliseconds since the simulator's start, of its begin and its end.
    private var intervals: [[Int]] = []
    private var total = TimeAmount.zero
    private var longest = TimeAmount.zero

    /// - Parameter start: when the simulator began.
    init(start: NIODeadline) {
        self.start = start
    }

    mutating func opened(now: NIODeadline) {
        self.openCount += 1
        self.openCountMax = max(self.openCountMax, self.openCount)
        guard let since = self.uncoveredSince else { return }
        self.uncoveredSince = nil
        self.add(from: since, to: now)
    }

    mutating func closed(now: NIODeadline) {
        self.openCount -= 1
        if self.openCount == 0 { self.uncoveredSince = now }
    }

    private mutating func add(from since: NIODeadline, to now: NIODeadline) {
        self.total = self.total + (now - since)
        self.longest = max(self.longest, now - since)
        if self.intervals.count == Self.intervalCountMax { self.intervals.removeFirst() }
        self.intervals.append([self.milliseconds(since), self.milliseconds(now)])
    }

    private func milliseconds(_ time: NIODeadline) -> Int {
        Int((time - self.start).nanoseconds / 1_000_000)
    }

    /// An interval that is not over yet counts until `now`.
    func snapshot(now: NIODeadline) -> CoverageSnapshot {
        var copy = self
        if let since = copy.uncoveredSince { copy.add(from: since, to: now) }
        return CoverageSnapshot(
            streamsOpen: copy.openCount,
            streamsOpenMax: copy.openCountMax,
            uncoveredIntervals: copy.intervals,
            uncoveredMilliseconds: Int(copy.total.nanoseconds / 1_000_000),
            longestUncoveredMilliseconds: Int(copy.longest.nanoseconds / 1_000_000)
        )
    }
}
