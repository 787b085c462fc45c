import BridgeCore
import Testing

/// A filter of a process that was started again, and knows the last events of its checkpoint.
@Suite("Replay filter behind a restart (S4.9)")
struct ReplayFilterSeedTests {
    private var log: ReplayLog
    private var filter: ReplayFilter

    /// Committed: 20 events, of which the checkpoint names the last 12.
    init() {
        var random = SeededGenerator(seed: 1)
        self.log = ReplayLog(anonymousPercent: 0)
        self.log.append(100, random: &random)
        self.filter = ReplayFilter(
            eventCountMax: 1000,
            resumeFrom: ReplayLog.position(behind: 20),
            eventIDs: (8..<20).map { "event-\($0)" }
        )
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
    }

    private mutating func expect(
        _ range: Range<Int>,
        _ events: Range<Int>,
        before: Int?,
        pieces: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var batches = self.log.message(range, pieces: pieces)
        let dropped = self.filter.filter(&batches)
        #expect(ReplayLog.numbers(batches) == Array(events), sourceLocation: sourceLocation)
        #expect(dropped == range.count - events.count, sourceLocation: sourceLocation)
        #expect(ReplayLog.count(before: batches.last?.position) == before, sourceLocation: sourceLocation)
    }

    @Test(
        "an inclusive resume repeats the last event, message or more: dropped, and the position stands (position-monotonic)"
    )
    mutating func inclusive() {
        self.expect(19..<20, 20..<20, before: 20)
        self.expect(10..<20, 20..<20, before: 20, pieces: 3)
        self.expect(8..<24, 20..<24, before: 24)
        self.expect(24..<30, 24..<30, before: 30)
    }

    @Test("with other boundaries a message whose position lies behind leaves it out (position-monotonic)")
    mutating func otherBoundaries() {
        self.expect(8..<15, 20..<20, before: nil)
        self.expect(15..<20, 20..<20, before: 20)
        self.expect(20..<22, 20..<22, before: 22)
    }

    @Test("an exclusive resume drops nothing")
    mutating func exclusive() {
        self.expect(20..<30, 20..<30, before: 30)
    }

    @Test("events that were committed behind the position, of a message that was cut, are dropped too; its rest is not")
    mutating func cutMessage() {
        self.filter = ReplayFilter(
            eventCountMax: 1000,
            resumeFrom: ReplayLog.position(behind: 20),
            eventIDs: (15..<26).map { "event-\($0)" }
        )
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
        self.expect(20..<30, 26..<30, before: 30, pieces: 2)
        self.expect(30..<31, 30..<31, before: 31)
    }

    @Test("they are known also when what was received behind them is discarded, and it comes again (replay-or-acked)")
    mutating func discarded() {
        self.expect(18..<25, 20..<25, before: 25)
        self.filter.discard(behind: ReplayLog.position(behind: 20))
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
        self.expect(18..<25, 20..<25, before: 25)
    }

    @Test(
        "what is committed behind the position stays known where the rest is discarded, again and again (exactly-once)"
    )
    mutating func discardedBehindCommitted() {
        self.expect(20..<28, 20..<28, before: 28)
        for _ in 0..<2 {
            self.filter.discard(behind: ReplayLog.position(behind: 20), keeping: (15..<23).map { "event-\($0)" })
            self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
            self.expect(18..<28, 23..<28, before: 28)
        }
        self.expect(28..<30, 28..<30, before: 30)
    }

    @Test("ids that are named twice are known once, and events without any say nothing")
    mutating func odd() {
        self.filter = ReplayFilter(
            eventCountMax: 0,
            resumeFrom: ReplayLog.position(behind: 20),
            eventIDs: ["event-19", "event-18", "event-19", ""]
        )
        self.filter.socketChanged(resumedFrom: ReplayLog.position(behind: 20))
        self.expect(18..<22, 20..<22, before: 22)
        self.filter = ReplayFilter(eventCountMax: 1000, resumeFrom: ReplayLog.position(behind: 20), eventIDs: [])
        self.expect(18..<22, 18..<22, before: 22)
    }
}
