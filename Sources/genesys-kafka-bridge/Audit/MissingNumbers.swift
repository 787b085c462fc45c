import BridgeCore

/// What gap records say of the numbers of one topic that are missing, where nobody else says when they came to be: no earlier than the event
/// in front of them, and no later than the one behind.
///
/// Where no gap touches that time, gaps do not speak for them: whatever is in none of these sets is lost. A gap that covers all of it speaks
/// for them. One that covers a part of it may, and nobody can say of how many.
struct MissingNumbers {
    /// Those that came to be inside gaps for certain.
    private(set) var insideGaps = RangeSet<Int>()
    /// Those that came to be inside a gap or beside it.
    private(set) var besideGaps = RangeSet<Int>()
    /// How many of those would have come to be outside of all gaps, had they come as evenly as their neighbours let them.
    private(set) var evenlyOutsideCount = 0
    /// Those whose neighbours tell no time, where there are gaps.
    private(set) var undecided = RangeSet<Int>()

    /// Nothing is missing.
    init() {}

    /// What `gaps`, all that there are of the topic, say of the holes in `numbers`.
    init(_ numbers: TimedNumbers, gaps: TopicGaps) {
        for hole in numbers.holes {
            guard let after = hole.after, let before = hole.before else {
                if gaps.touch(from: hole.after?.milliseconds, to: hole.before?.milliseconds) {
                    self.undecided.insert(contentsOf: hole.numbers)
                }
                continue
            }
            // What was received by then may have come to be before what was received earlier.
            let time =
                min(after.milliseconds, before.milliseconds)...max(after.milliseconds, before.milliseconds)
            guard gaps.touch(from: time.lowerBound, to: time.upperBound) else { continue }
            if after.isOwn, gaps.contain(time) {
                self.insideGaps.insert(contentsOf: hole.numbers)
            } else {
                self.besideGaps.insert(contentsOf: hole.numbers)
                self.evenlyOutsideCount += gaps.outsideCount(of: hole.numbers.count, evenlyIn: time)
            }
        }
    }
}
