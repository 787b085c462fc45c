/// When a topic's events came to be: the ticks of the clock that made them, the newest twenty thousand (160 KB).
struct TopicTimes {
    private struct Tick {
        /// The first number that it made.
        let first: UInt32
        /// Milliseconds since the base.
        let offset: UInt32
    }

    private static let countMax = 20_000

    /// Milliseconds since 1970 of the first tick.
    private var base: Int?
    private var ticks: [Tick] = []

    mutating func add(first: Int, milliseconds: Int) {
        let base = self.base ?? milliseconds
        self.base = base
        if self.ticks.count == Self.countMax { self.ticks.removeFirst(Self.countMax / 10) }
        self.ticks.append(Tick(first: UInt32(clamping: first), offset: UInt32(clamping: milliseconds - base)))
    }

    /// When the event of this number came to be, in milliseconds since 1970; nil when that is forgotten.
    func milliseconds(of sequence: Int) -> Int? {
        var low = 0
        var high = self.ticks.count
        while low < high {
            let middle = (low + high) / 2
            if Int(self.ticks[middle].first) <= sequence { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? self.base.map { $0 + Int(self.ticks[low - 1].offset) } : nil
    }
}
