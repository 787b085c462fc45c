import Testing

@testable import BridgeCore

/// A spool's machine on a disk of arrays that fails, fills up and loses what was not synced.
struct SpoolWorld {
    /// What happened.
    struct Seen {
        var crashes = 0
        var tails = 0
        var deletions = 0
        var failures = 0
        var full = 0
        var losses = 0
        var rotations = 0

        mutating func add(_ other: Seen) {
            self.crashes += other.crashes
            self.tails += other.tails
            self.deletions += other.deletions
            self.failures += other.failures
            self.full += other.full
            self.losses += other.losses
            self.rotations += other.rotations
        }
    }

    let seed: UInt64
    let policy: SpoolPolicy
    private(set) var seen = Seen()
    private var random: SeededGenerator
    private var plan: SpoolPlan
    private var now = Instant()
    private var lastID: UInt64 = 0
    private var contents: [UInt64: SpoolContent] = [:]
    private var disk: [UInt64: [UInt8]] = [:]
    private var cursor: SpoolCursor?
    private var work: SpoolPlan.Work?
    /// What is durable, as text, by sequence.
    private var durable: [UInt64: String] = [:]
    /// Items that are not in the spool, and that no ended loss accounts for yet.
    private var unaccounted: Set<UInt64> = []
    /// The items of each loss that has ended and is not durable.
    private var endings: [Set<UInt64>] = []
    private var newestMark: Int64?
    private var slack = 0

    init(seed: UInt64, whenFull: SpoolPolicy.WhenFull) {
        self.seed = seed
        self.random = SeededGenerator(seed: seed)
        self.policy = SpoolPolicy(
            bytesMax: 18_000,
            segmentBytes: 4_096,
            groupBytes: 2_500,
            segmentAge: .seconds(60),
            whenFull: whenFull,
            retryDelay: .seconds(1)
        )
        let recovery = SpoolRecovery(files: [], last: [], cursor: nil)
        self.plan = SpoolPlan(self.policy, recovered: recovery, now: self.now)
    }

    private mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self.random) }

    private func check(_ condition: Bool, _ what: @autoclosure () -> String) {
        #expect(condition, "seed \(self.seed): \(what())")
    }

    mutating func step() {
        switch self.draw(1...100) {
        case ...45: self.offer()
        case ...60: self.startWork()
        case ...80: self.finishWork()
        case ...92: self.commit()
        case ...98: self.now = self.now.advanced(by: .milliseconds(self.draw(0...3_000)))
        case _: self.crash()
        }
        self.check(self.plan.byteCount <= self.policy.bytesMax + self.slack, "\(self.plan.byteCount) bytes")
    }

    private mutating func offer() {
        self.lastID += 1
        let milliseconds = Int64(self.lastID) * 10
        let isMark = self.draw(1...8) == 1
        let batch = SpoolSample.batch(
            Int(self.lastID) * 11 + 1,
            size: self.draw(1...20) == 1 ? 5_000 : self.draw(20...900),
            receivedAt: milliseconds
        )
        let content: SpoolContent = isMark ? .mark(milliseconds: milliseconds) : .batch(batch)
        self.contents[self.lastID] = content
        let item = SpoolPlan.Item(
            id: self.lastID,
            byteCount: SpoolFrame.byteCount(of: content),
            events: isMark ? 0 : 1,
            milliseconds: milliseconds,
            isMark: isMark
        )
        let wasLosing = self.plan.isDropping
        switch self.plan.offer(item, now: self.now) {
        case .gathered, .waits:
            if wasLosing, !self.plan.isDropping { self.endLoss() }
        case .dropped:
            self.seen.full += 1
            self.contents[self.lastID] = nil
            if !isMark { self.unaccounted.insert(self.lastID) }
        }
    }

    private mutating func startWork() {
        let wasLosing = self.plan.isDropping
        self.work = self.work ?? self.plan.nextWork(now: self.now)
        if wasLosing, !self.plan.isDropping { self.endLoss() }
    }

    private mutating func endLoss() {
        self.endings.append(self.unaccounted)
        self.unaccounted = []
    }

    private mutating func finishWork() {
        let wasLosing = self.plan.isDropping
        guard let work = self.work.take() else { return }
        switch work {
        case .writeCursor(let cursor):
            guard self.draw(1...10) > 1 else { return self.plan.cursorFailed() }
            self.check(cursor.committed >= self.cursor?.committed ?? 0, "the cursor moved back")
            self.cursor = cursor
            self.plan.cursorWritten()
        case .delete(let segments):
            guard self.draw(1...10) > 1 else { return self.plan.deletionFailed(now: self.now) }
            for segment in segments { self.disk[segment] = nil }
            self.seen.deletions += 1
            self.plan.deleted(now: self.now)
            let oldest = self.disk.keys.min() ?? .max
            self.check(oldest <= (self.cursor?.committed ?? 0) + 1 || self.disk.isEmpty, "more was deleted")
        case .write(let group): self.finish(group)
        }
        if wasLosing, !self.plan.isDropping { self.endLoss() }
    }

    private func bytes(of group: SpoolPlan.Group) -> [UInt8] {
        var bytes = group.isNew ? SpoolSegmentHeader.bytes(first: group.segment) : []
        for (index, part) in group.parts.enumerated() {
            let entry = SpoolEntry(sequence: group.first + UInt64(index), content: self.content(of: part))
            SpoolFrame.append(entry, durable: group.isNew ? 0 : group.offset, to: &bytes)
        }
        return bytes
    }

    private func content(of part: SpoolPlan.Part) -> SpoolContent {
        switch part {
        case .item(let item): self.contents[item.id] ?? .mark(milliseconds: -1)
        case .loss(let loss): .loss(loss)
        }
    }

    /// Puts a part of what a group writes on the disk.
    private mutating func put(_ group: SpoolPlan.Group, bytes: ArraySlice<UInt8>) {
        let before = group.isNew ? [] : Array((self.disk[group.segment] ?? [])[..<group.offset])
        self.disk[group.segment] = before + bytes
    }

    private mutating func finish(_ group: SpoolPlan.Group) {
        let bytes = self.bytes(of: group)
        // On a disk that never fails the bound holds to the byte.
        let outcome = self.seed % 2 == 0 ? 20 : self.draw(1...20)
        switch outcome {
        case 1...3:
            // Some or all of it may be there.
            if self.draw(0...1) == 1 { self.put(group, bytes: bytes[..<self.draw(0...bytes.count)]) }
            self.slack += bytes.count
            self.seen.failures += 1
            self.refuse(self.plan.writeFailed(.failed, now: self.now))
        case 4...5:
            let isCut = outcome == 4
            if !isCut {
                self.put(group, bytes: bytes[..<self.draw(0...bytes.count)])
                self.slack += bytes.count
            }
            self.seen.failures += 1
            self.refuse(self.plan.writeFailed(.noSpace(isCut: isCut), now: self.now))
        case _:
            self.put(group, bytes: bytes[...])
            self.seen.rotations += group.isNew ? 1 : 0
            self.check(self.disk[group.segment]?.count == group.offset + group.byteCount, "the sizes differ")
            for confirmation in self.plan.wrote(now: self.now) { self.confirm(confirmation) }
        }
    }

    private mutating func refuse(_ refusal: SpoolPlan.Refusal) {
        switch refusal {
        case .none: break
        case .dropped(let ids), .failed(let ids):
            // Those of a loss that had ended, and is not durable, are to be accounted for again.
            for ending in self.endings { self.unaccounted.formUnion(ending) }
            self.endings = []
            for id in ids {
                if case .batch = self.contents.removeValue(forKey: id) { self.unaccounted.insert(id) }
            }
        }
    }

    private mutating func confirm(_ confirmation: SpoolPlan.Confirmation) {
        self.check(self.durable[confirmation.sequence] == nil, "\(confirmation.sequence) was given twice")
        self.durable[confirmation.sequence] = SpoolSample.text(self.content(of: confirmation.part))
        switch confirmation.part {
        case .item(let item):
            if item.isMark { self.newestMark = max(item.milliseconds, self.newestMark ?? .min) }
        case .loss(let loss):
            self.check(loss.fromMilliseconds == self.newestMark, "a loss begins at the mark before it: \(loss)")
            guard loss.toMilliseconds != nil else { return }
            self.seen.losses += 1
            let ending = self.endings.isEmpty ? [] : self.endings.removeFirst()
            self.check(loss.events == UInt64(ending.count), "\(loss) for \(ending)")
        }
    }

    private mutating func commit() {
        guard self.plan.nextSequence > 1 else { return }
        let newest = Int(self.plan.nextSequence) - 1
        _ = self.plan.commit(UInt64(self.draw(max(0, newest - self.draw(0...12))...newest)))
    }

    /// The process is killed; what was being written is there in part.
    mutating func crash() {
        self.seen.crashes += 1
        if case .write(let group) = self.work.take() {
            let bytes = self.bytes(of: group)
            self.put(group, bytes: bytes[..<self.draw(0...bytes.count)])
        }
        let files = self.disk.map { (first: $0.key, byteCount: $0.value.count) }.sorted { $0.first < $1.first }
        let last = files.last.flatMap { self.disk[$0.first] } ?? []
        var recovery = SpoolRecovery(files: files, last: last, cursor: self.cursor)
        for segment in recovery.segments.dropLast() {
            _ = recovery.findMark(in: self.disk[segment.first] ?? [], of: segment)
        }
        if recovery.tornByteCount > 0 { self.seen.tails += 1 }
        self.check(recovery.missingEntries == 0, "damage")
        self.check(recovery.nextSequence >= self.plan.nextSequence, "a confirmed entry is gone")
        let found = self.readAll(recovery)
        for (sequence, text) in self.durable where sequence > recovery.committed {
            self.check(found[sequence] == text, "\(sequence) is \(found[sequence] ?? "gone")")
        }
        self.checkMark(recovery, found: found)
        self.durable = found
        self.newestMark = recovery.coveredUntilMilliseconds
        self.contents = [:]
        self.unaccounted = []
        self.endings = []
        self.slack += max(0, recovery.segments.reduce(0) { $0 + $1.byteCount } - self.policy.bytesMax)
        self.plan = SpoolPlan(self.policy, recovered: recovery, now: self.now)
    }

    /// Everything that is not there, and that nothing accounts for, came behind the newest mark: the gap of the restart covers it.
    private func checkMark(_ recovery: SpoolRecovery, found: [UInt64: String]) {
        guard let mark = recovery.coveredUntilMilliseconds else { return }
        self.check(mark >= self.newestMark ?? .min, "a durable mark is gone")
        let texts = Set(found.values)
        for (id, content) in self.contents where Int64(id) * 10 < mark {
            guard case .batch = content else { continue }
            let text = SpoolSample.text(content)
            self.check(texts.contains(text) || self.wasDurable(text), "\(id) came before the mark and is gone")
        }
        // Of what was refused some may be there all the same, with marks behind it: those that are confirmed are asked.
        guard let mark = self.newestMark else { return }
        let ended = found.keys.filter { self.durable[$0] == nil && (found[$0] ?? "").contains("events: ") }.count
        for ending in self.endings.dropFirst(ended) {
            self.check(ending.allSatisfy { Int64($0) * 10 > mark }, "a loss came before the mark and is gone")
        }
        self.check(self.unaccounted.allSatisfy { Int64($0) * 10 > mark }, "a loss came before the mark")
    }

    private func wasDurable(_ text: String) -> Bool { self.durable.values.contains(text) }

    private func readAll(_ recovery: SpoolRecovery) -> [UInt64: String] {
        var found: [UInt64: String] = [:]
        for segment in recovery.segments {
            var reader = SpoolSegmentReader(
                self.disk[segment.first] ?? [],
                from: SpoolSegmentHeader.byteCount,
                expected: segment.first,
                end: segment.last + 1
            )
            while let item = reader.next() {
                guard case .entry(let entry, _) = item else { continue }
                found[entry.sequence] = SpoolSample.text(entry.content)
            }
        }
        return found
    }
}
