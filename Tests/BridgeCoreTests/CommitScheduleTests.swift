import BridgeCore
import Testing

@Suite("Commit schedule (position-monotonic)")
struct CommitScheduleTests {
    private static func at(_ milliseconds: Int) -> Instant { Instant().advanced(by: .milliseconds(milliseconds)) }
    private func checkpoint(_ n: Int) -> Checkpoint {
        Checkpoint(position: Position(kind: .lastEventId, value: "\(n)"))
    }
    private let policy = CommitSchedule.Policy(interval: .milliseconds(100), batches: 10, retryDelay: .seconds(1))

    @Test("a position waits for its interval, and the newest wins (position-monotonic)")
    func interval() {
        var schedule = CommitSchedule(self.policy, committed: nil)
        schedule.advanced(to: self.checkpoint(1), batches: 1, now: Self.at(0))
        schedule.advanced(to: self.checkpoint(2), batches: 1, now: Self.at(90))
        same(schedule.nextWrite(now: Self.at(99)), nil)
        #expect(schedule.nextDeadline == Self.at(100))
        same(schedule.nextWrite(now: Self.at(100)), self.checkpoint(2))
        #expect(schedule.committed == nil, "not durable before the write is")
        schedule.wrote()
        #expect(schedule.committed == self.checkpoint(2))
        #expect(schedule.isSettled)
    }

    @Test("enough batches do not wait")
    func batches() {
        var schedule = CommitSchedule(self.policy, committed: nil)
        schedule.advanced(to: self.checkpoint(1), batches: 9, now: Self.at(0))
        same(schedule.nextWrite(now: Self.at(1)), nil)
        schedule.advanced(to: self.checkpoint(2), batches: 1, now: Self.at(1))
        same(schedule.nextWrite(now: Self.at(1)), self.checkpoint(2))
    }

    @Test("one write is in flight; what comes meanwhile is written next")
    func oneWrite() {
        var schedule = CommitSchedule(self.policy, committed: nil)
        schedule.advanced(to: self.checkpoint(1), batches: 1, now: Self.at(0))
        same(schedule.nextWrite(now: Self.at(0), force: true), self.checkpoint(1))
        schedule.advanced(to: self.checkpoint(2), batches: 50, now: Self.at(10))
        same(schedule.nextWrite(now: Self.at(500), force: true), nil)
        schedule.wrote()
        #expect(!schedule.isSettled)
        same(schedule.nextWrite(now: Self.at(500)), self.checkpoint(2))
    }

    @Test("a failed write is tried again after a pause, with the newest position, however busy the stream is")
    func failedWrite() {
        var schedule = CommitSchedule(self.policy, committed: self.checkpoint(0))
        schedule.advanced(to: self.checkpoint(1), batches: 1, now: Self.at(0))
        _ = schedule.nextWrite(now: Self.at(100))
        schedule.advanced(to: self.checkpoint(2), batches: 1, now: Self.at(150))
        schedule.writeFailed(now: Self.at(200))
        schedule.advanced(to: self.checkpoint(3), batches: 100, now: Self.at(300))
        #expect(schedule.committed == self.checkpoint(0))
        same(schedule.nextWrite(now: Self.at(1199), force: true), nil)
        same(schedule.nextWrite(now: Self.at(1200)), self.checkpoint(3))
    }

    @Test("a quiet stream that repeats its position writes nothing")
    func repeatedPosition() {
        var schedule = CommitSchedule(self.policy, committed: self.checkpoint(5))
        schedule.advanced(to: self.checkpoint(5), batches: 1, now: Self.at(0))
        same(schedule.nextWrite(now: Self.at(1000), force: true), nil)
        #expect(schedule.isSettled)
    }

    @Test("every batch is committed once: by its write, by one behind a failed write, or by needing none")
    func committedBatches() {
        var schedule = CommitSchedule(self.policy, committed: self.checkpoint(0))
        same(schedule.advanced(to: self.checkpoint(0), batches: 4, now: Self.at(0)), 4)
        same(schedule.advanced(to: self.checkpoint(1), batches: 3, now: Self.at(0)), 0)
        _ = schedule.nextWrite(now: Self.at(100))
        same(schedule.advanced(to: self.checkpoint(2), batches: 5, now: Self.at(100)), 0)
        schedule.writeFailed(now: Self.at(100))
        _ = schedule.nextWrite(now: Self.at(1100))
        same(schedule.advanced(to: self.checkpoint(3), batches: 2, now: Self.at(1100)), 0)
        same(schedule.wrote(), 8)
        _ = schedule.nextWrite(now: Self.at(1200))
        same(schedule.wrote(), 2)
    }
}
