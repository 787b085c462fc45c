import BridgeCore

/// What is known of the numbered events of one key: which arrived, which are in dead letters, and which may be missing by a gap record.
///
/// Holds ranges, mostly one of each.
struct NumberAccount {
    /// The numbers that were seen.
    private(set) var seen = RangeSet<Int>()
    /// The highest number that was seen in a record whose order counts.
    var newest = -1
    /// Those in the dead letters.
    private(set) var deadLettered = RangeSet<Int>()
    /// Those that gap records speak for, whether they arrived or not.
    private(set) var insideGaps = RangeSet<Int>()
    /// Records beyond the first of an event.
    private(set) var duplicated = 0
    /// Events that were seen for the first time behind a later one.
    private(set) var outOfOrder = 0

    /// A record with this number. The caller moves `newest`, once it has looked at what is between.
    ///
    /// Out of order is an event that is seen for the first time after a later one: a duplicate may repeat a suffix, it must not interleave.
    ///
    /// - Parameter isOrdered: false for a record whose order nobody promises.
    /// - Returns: whether it is the first one.
    mutating func see(_ number: Int, isOrdered: Bool) -> Bool {
        guard !self.seen.contains(number) else {
            self.duplicated += 1
            return false
        }
        self.seen.insert(contentsOf: number..<number + 1)
        if isOrdered, number <= self.newest { self.outOfOrder += 1 }
        return true
    }

    /// A record stands behind a later one, as others see it.
    mutating func noteOutOfOrder() {
        self.outOfOrder += 1
    }

    /// False when it was there already.
    mutating func deadLetter(_ number: Int) -> Bool {
        guard !self.deadLettered.contains(number) else { return false }
        self.deadLettered.insert(contentsOf: number..<number + 1)
        return true
    }

    /// Gap records speak for these.
    mutating func excuse(_ numbers: Range<Int>) {
        self.insideGaps.insert(contentsOf: numbers)
    }

    /// Those of `range` that neither arrived nor are in the dead letters.
    func undelivered(in range: Range<Int>) -> RangeSet<Int> {
        self.missing(in: range).subtracting(self.deadLettered)
    }

    private func missing(in range: Range<Int>) -> RangeSet<Int> {
        range.isEmpty ? RangeSet() : RangeSet(range).subtracting(self.seen)
    }

    /// From the first to the last event that is known of.
    var span: Range<Int> {
        let known = self.seen.union(self.deadLettered).ranges
        guard let first = known.first, let last = known.last else { return 0..<0 }
        return first.lowerBound..<last.upperBound
    }

    /// Adds what became of the events of `range`.
    ///
    /// - Parameters:
    ///   - insideGaps: those that gap records speak for, beside those that are known to be.
    ///   - others: what else is known of what is missing, where nobody says when it came to be.
    ///   - name: the key's, for people.
    ///   - milliseconds: when events came to be, as far as that is known, since 1970.
    func add(
        _ range: Range<Int>,
        insideGaps: RangeSet<Int> = RangeSet(),
        others: MissingNumbers = MissingNumbers(),
        named name: String,
        madeAt milliseconds: [Int: Int] = [:],
        to result: inout AuditResult
    ) {
        let missing = self.missing(in: range)
        let undelivered = missing.subtracting(self.deadLettered)
        let unexcused = undelivered.subtracting(self.insideGaps).subtracting(insideGaps)
            .subtracting(others.insideGaps)
        let notBeside = unexcused.subtracting(others.besideGaps)
        let lost = notBeside.subtracting(others.undecided)
        result.sent += range.count
        result.delivered += range.count - missing.count
        result.deadLettered += missing.count - undelivered.count
        result.insideGaps += undelivered.count - unexcused.count
        result.besideGaps += unexcused.count - notBeside.count
        result.evenlyOutsideGaps += others.evenlyOutsideCount
        result.undecided += notBeside.count - lost.count
        result.lost += lost.count
        if result.firstLost == nil, let first = lost.ranges.first {
            let made = milliseconds[first.lowerBound].map { TimestampText.text(ofMilliseconds: Int64($0)) }
            result.firstLost = "\(name) number \(first.lowerBound)" + (made.map { ", made at \($0)" } ?? "")
        }
    }
}

extension RangeSet<Int> {
    /// How many numbers there are.
    var count: Int { self.ranges.reduce(0) { $0 + $1.count } }
}
