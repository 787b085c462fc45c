import Testing

@testable import BridgeCore

/// Up to when everything is delivered, where the spool does not outlive its process: there the next one begins its gap (C1).
@Suite("The marks that are committed")
struct CommittedMarksTests {
    @Test("a mark counts when everything before it is committed, and not sooner (C1, C2)")
    func order() {
        var marks = CommittedMarks()
        same(marks.newestMilliseconds, nil)
        // 1: an event, 2: a mark, 3 and 4: events, 5: a mark, 6: an event.
        marks.confirmed(200, at: 2)
        marks.confirmed(500, at: 5)
        marks.committed(through: 0, lastDeliverable: 6)
        same(marks.newestMilliseconds, nil)
        marks.committed(through: 1, lastDeliverable: 6)
        same(marks.newestMilliseconds, nil, "the mark is not committed, and more is to be delivered behind it")
        marks.committed(through: 3, lastDeliverable: 6)
        same(marks.newestMilliseconds, 200)
        marks.committed(through: 4, lastDeliverable: 6)
        same(marks.newestMilliseconds, 200)
        marks.committed(through: 6, lastDeliverable: 6)
        same(marks.newestMilliseconds, 500)
    }

    @Test("a mark behind the last delivery counts at once: nobody will ever commit it (C1)")
    func behindTheLast() {
        var marks = CommittedMarks()
        marks.confirmed(100, at: 1)
        marks.committed(through: 0, lastDeliverable: 0)
        same(marks.newestMilliseconds, 100, "of a spool that never held an event")
        marks.confirmed(300, at: 3)  // 2: an event.
        marks.committed(through: 0, lastDeliverable: 2)
        same(marks.newestMilliseconds, 100)
        marks.committed(through: 2, lastDeliverable: 2)
        same(marks.newestMilliseconds, 300)
        marks.confirmed(400, at: 4)
        marks.committed(through: 2, lastDeliverable: 2)
        same(marks.newestMilliseconds, 400)
    }

    @Test("a mark that says less than one before it moves nothing back (C1)")
    func older() {
        var marks = CommittedMarks()
        marks.confirmed(700, at: 1)
        marks.committed(through: 0, lastDeliverable: 0)
        marks.confirmed(600, at: 2)
        marks.committed(through: 0, lastDeliverable: 0)
        same(marks.newestMilliseconds, 700)
    }

    @Test("of more marks than it holds every other one is forgotten: it says a little less, never too much (C1)")
    func bound() {
        var marks = CommittedMarks()
        let count: Int64 = 5_000
        // Entry 2n is mark n, an event before each.
        for number in 1...count { marks.confirmed(number, at: UInt64(number) * 2) }
        var steps = Set<Int64>()
        for number in 1...count {
            marks.committed(through: UInt64(number) * 2, lastDeliverable: UInt64(count) * 2 + 1)
            guard let newest = marks.newestMilliseconds else { continue }
            steps.insert(newest)
            // The oldest have gone through eight halvings, the newest through one at most.
            #expect(newest <= number && newest > number - (number > count - 500 ? 2 : 256), "\(newest) of \(number)")
        }
        #expect(steps.count > 500 && steps.count <= 1_024, "\(steps.count)")
    }

    @Test("the newest mark is none of those that are forgotten (C1)")
    func newest() {
        var marks = CommittedMarks()
        for number in 1...1_025 { marks.confirmed(Int64(number), at: UInt64(number) * 2) }
        marks.committed(through: 2_050, lastDeliverable: 2_051)
        same(marks.newestMilliseconds, 1_025)
    }

    @Test("whatever is confirmed and committed, it says what a list of everything says (C1)", arguments: 1...40)
    func property(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var marks = CommittedMarks()
        /// The entries in order: the milliseconds of a mark, nil for what is to be delivered.
        var entries: [Int64?] = []
        var (clock, committed, moves) = (Int64(0), 0, 0)
        var known: Int64?
        for _ in 0..<600 {
            clock += Int64.random(in: 1...50, using: &random)
            if Bool.random(using: &random) {
                entries.append(Bool.random(using: &random) ? clock : nil)
                if let mark = entries.last ?? nil { marks.confirmed(mark, at: UInt64(entries.count)) }
            } else if let place = entries.indices.filter({ $0 >= committed && entries[$0] == nil }).randomElement(
                using: &random
            ) {
                committed = place + 1
            }
            let last = (entries.lastIndex { $0 == nil } ?? -1) + 1
            marks.committed(through: UInt64(committed), lastDeliverable: UInt64(last))
            let reach = committed >= last ? entries.count : committed
            if let mark = entries.prefix(reach).compactMap(\.self).last, mark > known ?? .min {
                (known, moves) = (mark, moves + 1)
            }
            #expect(marks.newestMilliseconds == known)
            // Never more than what is in front of the first entry that is to be delivered yet.
            let next = entries.indices.first { $0 >= committed && entries[$0] == nil } ?? entries.count
            #expect(known ?? .min <= entries.prefix(next).compactMap(\.self).last ?? .min)
        }
        #expect(moves > 20)
    }
}
