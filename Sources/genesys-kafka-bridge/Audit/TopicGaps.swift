/// When events of one topic may be missing, as gap records say. Milliseconds since 1970.
///
/// Holds a range for each gap that touches no other one.
struct TopicGaps {
    /// A record's times are cut to milliseconds, and reckoned from what two clocks show at another moment: each is wrong by less than one. The
    /// time of an event is the simulator's, cut twice. Within one machine, whose clocks go alike, three milliseconds are more than all that.
    static let clockTolerance = 3
    /// Before every time that is written.
    private static let beginning = -(1 << 60)

    /// With the tolerance on both sides.
    private var ranges = RangeSet<Int>()
    /// Without it.
    private var exactRanges = RangeSet<Int>()
    /// Gaps without an end, by cause.
    private var open: [String: Open] = [:]

    private struct Open {
        /// From here on, for now.
        var since: Int
        /// Where its newest record begins: a process that finds a topic rejected again says so from its own beginning on.
        var newest: Int
    }

    /// From here on something may be missing, for now.
    private var openSince: Int? { self.open.values.map(\.since).min() }

    /// A record that names the topic. It covers its first and its last moment.
    mutating func add(_ gap: TimedGap) {
        var from = gap.from ?? Self.beginning
        guard let to = gap.to else {
            self.open[gap.cause] = Open(since: min(self.open[gap.cause]?.since ?? from, from), newest: from)
            return
        }
        for (cause, open) in self.open where gap.ends(cause, openSince: open.newest) {
            from = min(from, open.since)
            self.open[cause] = nil
        }
        guard from <= to else { return }
        self.ranges.insert(contentsOf: from - Self.clockTolerance..<to + Self.clockTolerance + 1)
        self.exactRanges.insert(contentsOf: from..<to + 1)
    }

    /// Whether a gap that has an end covers this moment.
    func cover(_ milliseconds: Int) -> Bool {
        self.ranges.contains(milliseconds)
    }

    /// Whether a gap that has no end as yet covers it.
    func coverForNow(_ milliseconds: Int) -> Bool {
        self.openSince.map { $0 - Self.clockTolerance <= milliseconds } ?? false
    }

    /// Whether a gap covers any moment of this time; nil stands for a beginning or an end that is not known.
    func touch(from: Int?, to: Int?) -> Bool {
        let time = (from ?? Self.beginning)..<(to ?? -Self.beginning) + 1
        return self.coverForNow(time.upperBound - 1) || !self.ranges.isDisjoint(RangeSet(time))
    }

    /// Whether gaps cover every moment of this time for certain, however the clocks go.
    func contain(_ time: ClosedRange<Int>) -> Bool {
        var rest = RangeSet(time.lowerBound - Self.clockTolerance..<time.upperBound + Self.clockTolerance + 1)
        rest.subtract(self.exactRanges)
        if let open = self.openSince {
            rest.remove(contentsOf: open..<max(open, time.upperBound) + Self.clockTolerance + 1)
        }
        return rest.isEmpty
    }

    /// Of `count` events that came at equal distances between the two ends of this time: how many did so while no gap covers it.
    func outsideCount(of count: Int, evenlyIn time: ClosedRange<Int>) -> Int {
        var covered = self.ranges
        if let open = self.openSince {
            covered.insert(contentsOf: open - Self.clockTolerance..<max(open, time.upperBound) + 1)
        }
        let intervals = Double(count) + 1
        let length = Double(time.upperBound - time.lowerBound)
        var coveredCount = 0
        for range in covered.intersection(RangeSet(time.lowerBound..<time.upperBound + 1)).ranges {
            guard length > 0 else { return 0 }
            let first = (Double(range.lowerBound - time.lowerBound) * intervals / length).rounded(.up)
            let last = (Double(range.upperBound - 1 - time.lowerBound) * intervals / length).rounded(.down)
            coveredCount += max(0, Int(min(last, Double(count))) - Int(max(first, 1)) + 1)
        }
        return max(0, count - coveredCount)
    }
}
