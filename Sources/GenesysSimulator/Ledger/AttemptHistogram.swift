import NIOCore

/// How many attempts there were in each second since the simulator's start.
struct AttemptHistogram {
    private static let secondCountMax = 3_600

    private let start: NIODeadline
    /// Pairs of a second and its count, the newest hour's worth of those with attempts.
    private(set) var counts: [[Int]] = []

    init(start: NIODeadline) {
        self.start = start
    }

    mutating func add(now: NIODeadline) {
        let second = Int((now - self.start).nanoseconds / 1_000_000_000)
        if let last = self.counts.indices.last, self.counts[last][0] == second {
            self.counts[last][1] += 1
            return
        }
        if self.counts.count == Self.secondCountMax { self.counts.removeFirst() }
        self.counts.append([second, 1])
    }
}
