import Testing

@testable import genesys_kafka_bridge

/// What is known of a number that is missing, from the times of others and those of gaps alone.
@Suite("Missing numbers")
struct MissingNumbersTests {
    /// Event n came to be at n seconds.
    private func numbers(_ numbers: [Int], own: Bool = true, timeless: Set<Int> = []) -> TimedNumbers {
        var result = TimedNumbers()
        for number in numbers {
            let time = EventTime(milliseconds: number * 1_000, isOwn: own)
            result.insert(number, at: timeless.contains(number) ? nil : time)
        }
        return result
    }

    /// Of beginnings and ends in milliseconds.
    private func gaps(_ gaps: [(Int?, Int?)]) -> TopicGaps {
        var result = TopicGaps()
        for (from, to) in gaps { result.add(TimedGap(topics: ["t"], cause: "disconnect", from: from, to: to)) }
        return result
    }

    private func missing(_ numbers: TimedNumbers, _ gaps: [(Int?, Int?)]) -> MissingNumbers {
        MissingNumbers(numbers, gaps: self.gaps(gaps))
    }

    private enum Verdict { case inside, beside, lost }

    private func verdict(_ numbers: TimedNumbers, _ gaps: [(Int?, Int?)]) -> Verdict {
        let missing = self.missing(numbers, gaps)
        if !missing.insideGaps.isEmpty { return .inside }
        return missing.besideGaps.isEmpty ? .lost : .beside
    }

    @Test(
        "it is inside gaps where they cover all the time between its neighbours, beside them where they cover a part (C1)"
    )
    func verdicts() {
        // 5 is missing: it came to be from 4,000 to 6,000.
        let numbers = self.numbers([3, 4, 6])
        for (gaps, verdict) in [
            ([(3_000, 7_000)], .inside), ([(nil, 7_000)], .inside), ([(3_000, nil)], .inside), ([(nil, nil)], .inside),
            ([(3_000, 5_000), (5_001, 7_000)], .inside), ([(3_000, 5_000), (5_100, nil)], .beside),
            ([(4_100, 7_000)], .beside), ([(3_000, 5_900)], .beside), ([(nil, 4_000)], .beside),
            ([(6_000, nil)], .beside),
            ([(3_000, 5_000), (5_100, 7_000)], .beside), ([(4_002, 7_000)], .beside), ([(3_000, 6_002)], .beside),
            ([(4_000, 6_000)], .beside), ([(3_996, 6_004)], .inside),
            ([(1_000, 3_900)], .lost), ([(6_100, 9_000)], .lost), ([(6_100, nil)], .lost), ([], .lost),
        ] as [([(Int?, Int?)], Verdict)] {
            #expect(self.verdict(numbers, gaps) == verdict, "\(gaps)")
        }
    }

    @Test("the time at which the one in front was received proves nothing: it may have come to be long before")
    func received() {
        #expect(self.verdict(self.numbers([4, 6], own: false), [(3_000, 7_000)]) == .beside)
        #expect(self.verdict(self.numbers([4, 6], own: false), [(1_000, 3_000)]) == .lost)
    }

    @Test("whatever the order in which they are read, the nearest neighbours count (C1)")
    func nearest() {
        // One partition after the other: far neighbours come first, and a gap is somewhere between them.
        for order in [[0, 9, 1, 2, 3, 4, 6, 7, 8], [9, 8, 7, 6, 4, 3, 2, 1, 0], [0, 2, 4, 6, 8, 9, 7, 3, 1]] {
            #expect(self.numbers(order).holes.map(\.numbers) == [5..<6])
            #expect(self.verdict(self.numbers(order), [(1_000, 3_000)]) == .lost, "\(order)")
            #expect(self.verdict(self.numbers(order), [(3_000, 7_000)]) == .inside, "\(order)")
        }
        let twice = self.numbers([0, 1, 5, 1, 5, 0])
        #expect(twice.holes.map(\.numbers) == [2..<5] && twice.countInFront == 0)
        #expect(self.numbers([7, 8]).holes.isEmpty && self.numbers([7, 8]).countInFront == 7)
        #expect(TimedNumbers().holes.isEmpty && TimedNumbers().countInFront == 0)
    }

    @Test("a neighbour without a time stands back behind the next one that has one")
    func timeless() throws {
        let numbers = [1, 2, 3, 6, 7, 8]
        let hole = try #require(self.numbers(numbers, timeless: [3, 6, 7]).holes.first)
        #expect(hole.after?.milliseconds == 2_000 && hole.before?.milliseconds == 8_000)
        let reversed = try #require(self.numbers(numbers.reversed(), timeless: [3, 6, 7]).holes.first)
        #expect(reversed == hole)
        let joined = self.numbers([1, 3, 2, 6, 8, 7, 10], timeless: [2, 3, 6, 7])
        #expect(joined.holes.map(\.after?.milliseconds) == [1_000, 8_000])
        #expect(joined.holes.map(\.before?.milliseconds) == [8_000, 10_000])
        // A whole run without a time: the next run has one.
        let run = self.numbers([1, 3, 5], timeless: [3])
        #expect(run.holes.map(\.after?.milliseconds) == [1_000, 1_000])
        #expect(run.holes.map(\.before?.milliseconds) == [5_000, 5_000])
    }

    @Test(
        "without any time on one side it is not known, as long as a gap may speak for it; without such a gap it is lost"
    )
    func unknown() {
        for (timeless, gaps, isUndecided) in [
            ([3, 5], [(nil, 9_000)], true), ([3, 5], [(1, 2)], true), ([3, 5], [], false),
            ([3], [(6_000, 7_000)], false), ([3], [(1_000, 2_000)], true), ([3], [(4_000, nil)], true),
            ([5], [(6_000, 7_000)], true), ([5], [(1_000, 2_000)], false), ([5], [(6_000, nil)], true),
        ] as [(Set<Int>, [(Int?, Int?)], Bool)] {
            let missing = self.missing(self.numbers([3, 5], timeless: timeless), gaps)
            #expect(missing.undecided.ranges.elementsEqual(isUndecided ? [4..<5] : []), "\(timeless) \(gaps)")
            #expect(missing.insideGaps.isEmpty && missing.besideGaps.isEmpty)
        }
    }

    @Test("of what is beside a gap, those count that would be outside if all came at equal distances")
    func evenly() {
        // 3, 4 and 5 are missing between 2,000 and 6,000: evenly they are at 3,000, 4,000 and 5,000.
        for (gaps, outside) in [
            ([(2_500, 5_500)], 0), ([(3_000, 5_000)], 0), ([(3_900, 4_100)], 2), ([(3_004, 5_000)], 1),
            ([(2_000, 2_100)], 3),
            ([(2_500, 3_500), (4_500, 4_600)], 2), ([(4_500, nil)], 2), ([(nil, 3_500)], 2),
        ] as [([(Int?, Int?)], Int)] {
            #expect(self.missing(self.numbers([2, 6]), gaps).evenlyOutsideCount == outside, "\(gaps)")
        }
        #expect(self.missing(self.numbers([2, 6]), [(1_000, 7_000)]).evenlyOutsideCount == 0)
        #expect(self.missing(self.numbers([2, 6]), []).evenlyOutsideCount == 0)
        var many = TimedNumbers()
        many.insert(0, at: EventTime(milliseconds: 0, isOwn: true))
        many.insert(1 << 36, at: EventTime(milliseconds: 1_000_000, isOwn: true))
        let outside = self.missing(many, [(0, 500_000)]).evenlyOutsideCount
        #expect(abs(outside - (1 << 35)) < 1 << 20)
        var atOnce = TimedNumbers()
        for number in [0, 2] { atOnce.insert(number, at: EventTime(milliseconds: 1_000, isOwn: true)) }
        #expect(self.missing(atOnce, [(1_000, 1_001)]).evenlyOutsideCount == 0)
    }
}
