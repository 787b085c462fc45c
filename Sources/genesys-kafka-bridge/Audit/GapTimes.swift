/// Adds up the gaps of one tenant by their cause.
///
/// Holds for each cause the names of its topics, and a range for each time that touches no other one.
struct GapTimes {
    private struct Cause {
        var records = 0
        var unbounded = 0
        var topics: Set<String> = []
        var times = RangeSet<Int>()
    }

    private var causes: [String: Cause] = [:]

    /// A gap record.
    mutating func add(_ gap: TimedGap) {
        var cause = self.causes.removeValue(forKey: gap.cause) ?? Cause()
        cause.records += 1
        cause.topics.formUnion(gap.topics)
        if let from = gap.from, let to = gap.to {
            if from < to { cause.times.insert(contentsOf: from..<to) }
        } else {
            cause.unbounded += 1
        }
        self.causes[gap.cause] = cause
    }

    /// Records of all causes.
    var recordCount: Int { self.causes.values.reduce(0) { $0 + $1.records } }

    /// In the order of their names.
    var all: [GapTime] {
        self.causes.sorted { $0.key < $1.key }.map { name, cause in
            GapTime(
                cause: name,
                records: cause.records,
                unbounded: cause.unbounded,
                topics: cause.topics.count,
                milliseconds: cause.times.count
            )
        }
    }
}
