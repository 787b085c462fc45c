/// When events of one topic may be missing, as gap records say. Milliseconds since 1970.
///
/// Holds a range for each gap that touches no other one.
struct TopicGaps {
    /// A record's times are cut to milliseconds, and reckoned from what two clocks show at another moment: each is wrong by less than one. The
    /// time of an event is the simulator's, cut twice. Within one machine, whose clocks go alike, three milliseconds are more than all that.
    static let clockTolerance = 3
    /// Before every time that is written.
    private static let beginning = -(1 << 60)

    private var ranges = RangeSet<Int>()
    /// From here on, for now.
    private var openSince: Int?

    /// A record that names the topic. It covers its first and its last moment.
    mutating func add(_ gap: TimedGap) {
        var from = gap.from ?? Self.beginning
        guard let to = gap.to else {
            self.openSince = min(self.openSince ?? from, from)
            return
        }
        if let open = self.openSince, gap.ends(openSince: open) {
            from = min(from, open)
            self.openSince = nil
        }
        guard from <= to else { return }
        self.ranges.insert(contentsOf: from - Self.clockTolerance..<to + Self.clockTolerance + 1)
    }

    /// Whether a gap that has an end covers this moment.
    func cover(_ milliseconds: Int) -> Bool {
        self.ranges.contains(milliseconds)
    }

    /// Whether a gap that has no end as yet covers it.
    func coverForNow(_ milliseconds: Int) -> Bool {
        self.openSince.map { $0 - Self.clockTolerance <= milliseconds } ?? false
    }

    /// Whether a gap covers any moment of this time.
    func touch(_ time: ClosedRange<Int>) -> Bool {
        self.coverForNow(time.upperBound)
            || !self.ranges.isDisjoint(RangeSet(time.lowerBound..<time.upperBound + 1))
    }
}
