/// The numbers of one topic's events that are known of, whatever the order in which they are read, and when those beside what is missing
/// came to be.
///
/// Holds a run for each stretch of numbers in which nothing is missing.
struct TimedNumbers {
    /// Numbers that are missing between two others.
    struct Hole: Hashable {
        /// They.
        var numbers: Range<Int>
        /// Of the nearest event in front of them that tells a time: they came to be no earlier. Nil where none does.
        var after: EventTime?
        /// Of the nearest one behind them: they came to be by then.
        var before: EventTime?
    }

    private struct Run {
        var numbers: Range<Int>
        /// Of the lowest number in it that has one.
        var firstTime: EventTime?
        /// Of the highest one.
        var lastTime: EventTime?
    }

    /// In the order of their numbers. No two of them touch.
    private var runs: [Run] = []

    /// The event of this number is there.
    mutating func insert(_ number: Int, at time: EventTime?) {
        let next = self.index(behind: number)
        let isNextToNext = next < self.runs.count && self.runs[next].numbers.lowerBound == number + 1
        guard next > 0, number <= self.runs[next - 1].numbers.upperBound else {
            if isNextToNext {
                self.runs[next].numbers = number..<self.runs[next].numbers.upperBound
                self.runs[next].firstTime = time ?? self.runs[next].firstTime
                self.runs[next].lastTime = self.runs[next].lastTime ?? time
            } else {
                self.runs.insert(Run(numbers: number..<number + 1, firstTime: time, lastTime: time), at: next)
            }
            return
        }
        guard number == self.runs[next - 1].numbers.upperBound else { return }
        self.runs[next - 1].numbers = self.runs[next - 1].numbers.lowerBound..<number + 1
        self.runs[next - 1].firstTime = self.runs[next - 1].firstTime ?? time
        self.runs[next - 1].lastTime = time ?? self.runs[next - 1].lastTime
        guard isNextToNext else { return }
        let joined = self.runs.remove(at: next)
        self.runs[next - 1].numbers = self.runs[next - 1].numbers.lowerBound..<joined.numbers.upperBound
        self.runs[next - 1].firstTime = self.runs[next - 1].firstTime ?? joined.firstTime
        self.runs[next - 1].lastTime = joined.lastTime ?? self.runs[next - 1].lastTime
    }

    /// Where the first run is that begins behind `number`. It is mostly behind all.
    private func index(behind number: Int) -> Int {
        guard let last = self.runs.last, number < last.numbers.lowerBound else { return self.runs.count }
        var (low, high) = (0, self.runs.count)
        while low < high {
            let middle = (low + high) / 2
            if self.runs[middle].numbers.lowerBound <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What is missing between the first and the last number that is known of, in the order of the numbers.
    var holes: [Hole] {
        guard self.runs.count > 1 else { return [] }
        var holes: [Hole] = []
        var after: EventTime?
        for (run, next) in zip(self.runs, self.runs.dropFirst()) {
            after = run.lastTime ?? after
            holes.append(Hole(numbers: run.numbers.upperBound..<next.numbers.lowerBound, after: after))
        }
        var before: EventTime?
        for index in holes.indices.reversed() {
            before = self.runs[index + 1].firstTime ?? before
            holes[index].before = before
        }
        return holes
    }

    /// How many numbers are in front of the first one that is known of.
    var countInFront: Int { self.runs.first?.numbers.lowerBound ?? 0 }
}
