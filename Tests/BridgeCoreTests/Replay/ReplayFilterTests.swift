import BridgeCore
import Testing

@Suite("Replay filter (S4.8, S4.9)")
struct ReplayFilterTests {
    private var log: ReplayLog
    private var filter = ReplayFilter(eventCountMax: 1000, resumeFrom: ReplayLog.position(behind: 0))

    init() {
        var random = SeededGenerator(seed: 1)
        self.log = ReplayLog(anonymousPercent: 0)
        self.log.append(100, random: &random)
    }

    /// What passes of the message of the events in `range`: its events' numbers, and how many events lie before its position.
    private mutating func pass(_ range: Range<Int>, pieces: Int = 1) -> (events: [Int], before: Int?) {
        var batches = self.log.message(range, pieces: pieces)
        let dropped = self.filter.filter(&batches)
        let numbers = ReplayLog.numbers(batches)
        #expect(dropped == range.count - numbers.count)
        return (numbers, ReplayLog.count(before: batches.last?.position))
    }

    private mutating func expect(
        _ range: Range<Int>,
        _ events: Range<Int>,
        before: Int?,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let passed = self.pass(range)
        #expect(passed.events == Array(events), sourceLocation: sourceLocation)
        #expect(passed.before == before, sourceLocation: sourceLocation)
    }

    @Test("fresh messages pass as they are, whole or in pieces, full or empty")
    mutating func fresh() {
        self.expect(0..<5, 0..<5, before: 5)
        self.expect(5..<5, 5..<5, before: 5)
        let pieces = self.pass(5..<12, pieces: 3)
        #expect(pieces.events == Array(5..<12))
        #expect(pieces.before == 12)
    }

    @Test("an inclusive resume repeats the last event or the last message: dropped, and the position stands (S4.9)")
    mutating func inclusive() {
        self.expect(0..<5, 0..<5, before: 5)
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 5))
        self.expect(4..<5, 5..<5, before: 5)
        self.expect(4..<7, 5..<7, before: 7)
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 7))
        self.expect(4..<7, 7..<7, before: 7)
    }

    @Test(
        "a successor's overlap is dropped, and its positions are left out until it has caught up (S4.8, position-monotonic)"
    )
    mutating func overlap() {
        for start in stride(from: 0, to: 40, by: 10) {
            self.expect(start..<start + 10, start..<start + 10, before: start + 10)
        }
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 10))
        self.expect(10..<17, 17..<17, before: nil)
        self.expect(17..<31, 31..<31, before: nil)
        self.expect(31..<44, 40..<44, before: 44)
        self.expect(44..<50, 44..<50, before: 50)
    }

    @Test("a start at the server's present repeats nothing: its positions count (S4.10)")
    mutating func present() {
        self.expect(0..<10, 0..<10, before: 10)
        self.filter.socketChanged(resumedFrom: nil)
        self.expect(30..<35, 30..<35, before: 35)
        self.expect(35..<40, 35..<40, before: 40)
    }

    @Test("a successor that resumed behind an empty message's position has only that much to catch up with (S2.3)")
    mutating func quietStream() {
        self.expect(0..<10, 0..<10, before: 10)
        for n in 1...50 { _ = self.heartbeat("t\(n)") }
        self.filter.socketChanged(resumedFrom: Position(kind: .timestamp, value: "t49"))
        same(self.heartbeat("t51"), Position(kind: .timestamp, value: "t51"))
        self.expect(10..<12, 10..<12, before: 12)
    }

    private mutating func heartbeat(_ time: String) -> Position? {
        var batches = [
            NotificationBatch(
                bytes: MessageBytes([]),
                events: [],
                position: Position(kind: .timestamp, value: time),
                batchID: nil,
                endsMessage: true
            )
        ]
        _ = self.filter.filter(&batches)
        return batches[0].position
    }

    @Test("an event without an id of its own is never dropped, however often it comes (S4.9)")
    func anonymous() {
        var random = SeededGenerator(seed: 1)
        var log = ReplayLog(anonymousPercent: 100)
        log.append(10, random: &random)
        var filter = ReplayFilter(eventCountMax: 100, resumeFrom: nil)
        for _ in 0..<5 {
            var batches = log.message(0..<10)
            same(filter.filter(&batches), 0)
        }
    }

    @Test("what did not find room is taken when it comes again, and only that (S4.9)")
    mutating func retract() {
        self.expect(0..<5, 0..<5, before: 5)
        var batches = self.log.message(5..<14, pieces: 3)
        _ = self.filter.filter(&batches)
        self.filter.retract(keeping: batches[..<1])
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 5))
        self.expect(5..<14, 8..<14, before: 14)
    }

    @Test("what was discarded is taken when it comes again; what was committed is not (S4.9)")
    mutating func discard() {
        for start in stride(from: 0, to: 30, by: 10) {
            self.expect(start..<start + 10, start..<start + 10, before: start + 10)
        }
        self.filter.discard(behind: ReplayLog.position(behind: 20))
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
        self.expect(15..<30, 20..<30, before: 30)
        self.filter.discard(behind: nil)
        self.filter.socketChanged(resumedFrom: nil)
        self.expect(0..<30, 0..<30, before: 30)
    }

    @Test("the window is bounded: what has left it passes again, and nothing that is in it does (S4.9)")
    mutating func window() {
        self.filter = ReplayFilter(eventCountMax: 25, resumeFrom: ReplayLog.position(behind: 0))
        for start in stride(from: 0, to: 50, by: 10) {
            self.expect(start..<start + 10, start..<start + 10, before: start + 10)
        }
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 10))
        self.expect(10..<20, 10..<20, before: nil)
        self.expect(20..<30, 20..<30, before: nil)
        let known = self.pass(30..<50)
        #expect(known.events.isEmpty || known.events == Array(30..<40))
        self.expect(50..<60, 50..<60, before: 60)
    }
}
