import Testing

@testable import BridgeCore

@Suite("What a spool does next (C2)")
struct SpoolPlanTests {
    private static let policy = SpoolPolicy(
        bytesMax: 40_000,
        segmentBytes: 10_000,
        groupBytes: 5_000,
        segmentAge: .seconds(100),
        retryDelay: .seconds(1)
    )
    private var now = Instant()

    private static func plan(_ policy: SpoolPolicy = Self.policy) -> SpoolPlan {
        SpoolPlan(policy, recovered: SpoolRecovery(files: [], last: [], cursor: nil), now: Instant())
    }

    private static func item(_ id: UInt64, _ byteCount: Int = 1_000, isMark: Bool = false) -> SpoolPlan.Item {
        .init(id: id, byteCount: byteCount, events: isMark ? 0 : 1, milliseconds: Int64(id) * 10, isMark: isMark)
    }

    private static func group(_ work: SpoolPlan.Work?) -> SpoolPlan.Group? {
        guard case .write(let group) = work else { return nil }
        return group
    }

    /// Writes until nothing is left. Returns what became durable.
    @discardableResult
    private static func write(_ plan: inout SpoolPlan, now: Instant = Instant()) -> [SpoolPlan.Confirmation] {
        var confirmations: [SpoolPlan.Confirmation] = []
        while let work = plan.nextWork(now: now) {
            switch work {
            case .write: confirmations += plan.wrote(now: now)
            case .writeCursor: plan.cursorWritten()
            case .delete: plan.deleted(now: now)
            }
        }
        return confirmations
    }

    private static func losses(_ confirmations: [SpoolPlan.Confirmation]) -> [SpoolLoss] {
        confirmations.compactMap { confirmation in
            guard case .loss(let loss) = confirmation.part else { return nil }
            return loss
        }
    }

    @Test("what comes while a sync is under way shares the next one")
    func groupCommit() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        let first = Self.group(plan.nextWork(now: self.now))
        #expect(first?.parts.count == 1 && first?.isNew == true && first?.segment == 1)
        for id in 2...4 { same(plan.offer(Self.item(UInt64(id)), now: self.now), .gathered) }
        same(plan.nextWork(now: self.now), nil, "one write at a time")
        same(plan.wrote(now: self.now).map(\.sequence), [1])
        let second = Self.group(plan.nextWork(now: self.now))
        #expect(second?.parts.count == 3 && second?.first == 2 && second?.offset == 1_032)
        same(plan.wrote(now: self.now).map(\.sequence), [2, 3, 4])
    }

    @Test("a group and a segment stay within their sizes, and what is larger has one to itself")
    func sizes() {
        var plan = Self.plan()
        for id in 1...12 { same(plan.offer(Self.item(UInt64(id)), now: self.now), .gathered) }
        var groups: [SpoolPlan.Group] = []
        while let group = Self.group(plan.nextWork(now: self.now)) {
            groups.append(group)
            _ = plan.wrote(now: self.now)
        }
        #expect(groups.map(\.parts.count) == [5, 4, 3])
        #expect(groups.map(\.segment) == [1, 1, 10] && groups.map(\.isNew) == [true, false, true])
        same(plan.offer(Self.item(13, 9_999), now: self.now), .gathered)
        let large = Self.group(plan.nextWork(now: self.now))
        #expect(large?.isNew == true && large?.byteCount == 9_999)
    }

    @Test("only segments of which everything is committed are deleted, and only after the cursor is durable")
    func deletion() {
        var plan = Self.plan()
        for id in 1...12 { same(plan.offer(Self.item(UInt64(id)), now: self.now), .gathered) }
        Self.write(&plan)
        same(plan.commit(8), true)
        same(plan.nextWork(now: self.now), .writeCursor(.init(committed: 8, coveredUntilMilliseconds: nil)))
        plan.cursorWritten()
        same(plan.nextWork(now: self.now), nil)
        same(plan.commit(9), true)
        same(plan.commit(13), false)
        same(plan.nextWork(now: self.now), .writeCursor(.init(committed: 9, coveredUntilMilliseconds: nil)))
        plan.cursorFailed()
        #expect(plan.committed == 8)
        same(plan.nextWork(now: self.now), nil)
        same(plan.commit(9), true)
        _ = plan.nextWork(now: self.now)
        plan.cursorWritten()
        same(plan.nextWork(now: self.now), .delete([1]))
        plan.deleted(now: self.now)
        #expect(plan.byteCount == 3_032)
    }

    @Test(
        "full: what does not fit is dropped, a loss says so at once, and another one says until when (no-silent-loss)"
    )
    func dropNewest() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1, 36, isMark: true), now: self.now), .gathered)
        var id: UInt64 = 1
        while !plan.isDropping {
            id += 1
            _ = plan.offer(Self.item(id), now: self.now)
        }
        same(plan.offer(Self.item(id + 1), now: self.now), .dropped)
        same(plan.offer(Self.item(id + 2, 36, isMark: true), now: self.now), .gathered)
        // The mark fitted: so it ended the loss, which begins at the mark before it.
        let losses = Self.losses(Self.write(&plan))
        #expect(losses.map(\.fromMilliseconds) == [10, 10])
        #expect(losses.map(\.toMilliseconds) == [nil, Int64(id + 2) * 10])
        #expect(losses.map(\.events) == [0, 2] && losses[1].bytes == 2_000)
        #expect(plan.byteCount <= Self.policy.bytesMax)
    }

    @Test(
        "a mark that speaks of an earlier moment than what was dropped ends the loss behind that, not in front of it (no-silent-loss)"
    )
    func earlyMark() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1, 36, isMark: true), now: self.now), .gathered)
        var id: UInt64 = 1
        while !plan.isDropping {
            id += 1
            _ = plan.offer(Self.item(id), now: self.now)
        }
        let dropped = Int64(id) * 10
        // The ping of the mark was sent before the events that were dropped came, and its answer came behind them.
        let mark = SpoolPlan.Item(id: id + 1, byteCount: 36, events: 0, milliseconds: dropped - 5, isMark: true)
        same(plan.offer(mark, now: self.now), .gathered)
        #expect(Self.losses(Self.write(&plan)).map(\.toMilliseconds) == [nil, dropped + 1])
    }

    @Test("however often it is full, the room for the next loss is there (bounded-bytes)")
    func reserve() {
        var plan = Self.plan()
        var id: UInt64 = 0
        for size in [1_000, 500, 100, 50, 30, 1] {
            for _ in 0..<200 {
                id += 1
                _ = plan.offer(Self.item(id, size), now: self.now)
                _ = plan.offer(Self.item(id, 5_000), now: self.now)
                Self.write(&plan)
                #expect(plan.byteCount <= Self.policy.bytesMax)
            }
        }
        #expect(plan.isDropping)
    }

    @Test("a loss that needs a segment of its own stays within the bound, too (bounded-bytes)")
    func reserveForSegment() {
        var policy = Self.policy
        // Four segments that are full to the byte, and then less than a loss and a header take.
        policy.bytesMax = 40_070
        var plan = Self.plan(policy)
        for id in 1...9 {
            _ = plan.offer(Self.item(UInt64(id), 4_984), now: self.now)
            Self.write(&plan)
            #expect(plan.byteCount <= policy.bytesMax)
        }
        #expect(plan.isDropping)
    }

    @Test("block: what does not fit waits, in order, until something is deleted")
    func block() {
        var policy = Self.policy
        policy.whenFull = .block
        var plan = Self.plan(policy)
        var id: UInt64 = 0
        var admission = SpoolPlan.Admission.gathered
        while admission == .gathered {
            id += 1
            admission = plan.offer(Self.item(id), now: self.now)
        }
        #expect(admission == .waits)
        same(plan.offer(Self.item(id + 1, 36), now: self.now), .waits)
        Self.write(&plan)
        #expect(plan.nextSequence == id, "everything before it is durable")
        same(plan.withdraw(id + 1), true)
        same(plan.withdraw(id + 1), false)
        same(plan.commit(9), true)
        let confirmations = Self.write(&plan)
        #expect(confirmations.map(\.part) == [.item(Self.item(id))])
        #expect(!plan.isBlocking)
    }

    @Test("what could never fit is dropped and accounted for, whatever the policy (no-dead-wait)")
    func tooLarge() {
        var policy = Self.policy
        policy.whenFull = .block
        var plan = Self.plan(policy)
        same(plan.offer(Self.item(1, policy.entryBytesMax + 1), now: self.now), .dropped)
        same(Self.losses(Self.write(&plan)).count, 1)
    }

    @Test("a full disk: the segment is as it was, nothing is written for a while, and the loss is told with its end")
    func noSpace() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        Self.write(&plan)
        for id in 2...4 { same(plan.offer(Self.item(UInt64(id)), now: self.now), .gathered) }
        _ = plan.nextWork(now: self.now)
        same(plan.offer(Self.item(5), now: self.now), .gathered)
        same(plan.writeFailed(.noSpace(isCut: true), now: self.now), .dropped([2, 3, 4, 5]))
        same(plan.offer(Self.item(6), now: self.now), .dropped)
        same(plan.nextWork(now: self.now), nil)
        let later = self.now.advanced(by: .seconds(1))
        same(plan.offer(Self.item(7), now: later), .gathered)
        let group = Self.group(plan.nextWork(now: later))
        #expect(group?.isNew == false && group?.offset == 1_032 && group?.first == 2)
        let loss = Self.losses(plan.wrote(now: later))
        #expect(loss.map(\.events) == [5] && loss.map(\.toMilliseconds) == [70] && loss.map(\.cause) == [.full])
    }

    @Test("a full disk with block: everything waits, and is written again")
    func noSpaceBlocking() {
        var policy = Self.policy
        policy.whenFull = .block
        var plan = Self.plan(policy)
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        _ = plan.nextWork(now: self.now)
        same(plan.writeFailed(.noSpace(isCut: true), now: self.now), .none)
        same(plan.offer(Self.item(2), now: self.now), .waits)
        same(plan.nextWork(now: self.now), nil)
        #expect(plan.nextDeadline == self.now.advanced(by: .seconds(1)))
        same(Self.write(&plan, now: self.now.advanced(by: .seconds(1))).map(\.sequence), [1, 2])
    }

    @Test("after a sync that failed the same entries go to a new segment, and only what is written there counts")
    func failedSync() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        Self.write(&plan)
        same(plan.offer(Self.item(2), now: self.now), .gathered)
        let first = Self.group(plan.nextWork(now: self.now))
        #expect(first?.segment == 1 && first?.isNew == false)
        same(plan.writeFailed(.failed, now: self.now), .none)
        let second = Self.group(plan.nextWork(now: self.now))
        #expect(second?.segment == 2 && second?.isNew == true && second?.first == 2)
        #expect(second?.parts == first?.parts)
        // It fails too: whoever appended is told, and a loss accounts for it.
        same(plan.writeFailed(.failed, now: self.now), .failed([2]))
        let later = self.now.advanced(by: .seconds(1))
        same(plan.offer(Self.item(3), now: later), .gathered)
        let losses = Self.losses(Self.write(&plan, now: later))
        #expect(losses.map(\.cause) == [.diskFailed] && losses.map(\.events) == [1])
    }

    @Test("a quiet spool's old segment is closed and deleted, with the marks behind the last delivery")
    func age() {
        var plan = Self.plan()
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        Self.write(&plan)
        same(plan.commit(1), true)
        Self.write(&plan)
        same(plan.offer(Self.item(2, 36, isMark: true), now: self.now), .gathered)
        Self.write(&plan)
        #expect(plan.committed == 1 && plan.byteCount > 0)
        Self.write(&plan, now: self.now.advanced(by: .seconds(100)))
        #expect(plan.committed == 2 && plan.byteCount == 0 && plan.coveredUntilMilliseconds == 20)
    }

    @Test("a found segment without an entry is replaced, and not deleted as something old: its name is the new one's")
    func emptySegment() {
        let files = [(first: UInt64(5), byteCount: 40)]
        let recovery = SpoolRecovery(files: files, last: [], cursor: .init(committed: 4, coveredUntilMilliseconds: nil))
        var plan = SpoolPlan(Self.policy, recovered: recovery, now: self.now)
        same(plan.offer(Self.item(1), now: self.now), .gathered)
        let group = Self.group(plan.nextWork(now: self.now))
        #expect(group?.segment == 5 && group?.isNew == true)
        same(plan.wrote(now: self.now).count, 1)
        same(plan.nextWork(now: self.now), nil)
    }

    @Test("a policy that cannot be kept is refused")
    func policies() {
        #expect(SpoolPolicy().defect == nil && Self.policy.defect == nil)
        #expect(SpoolPolicy(bytesMax: 40_000, segmentBytes: 10_001).defect != nil)
        #expect(SpoolPolicy(segmentBytes: 100).defect != nil && SpoolPolicy(groupBytes: 0).defect != nil)
    }
}
