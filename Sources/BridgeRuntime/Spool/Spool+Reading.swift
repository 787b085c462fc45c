public import BridgeCore
internal import DequeModule
internal import Locking
internal import Logging

extension Spool {
    /// What one reading of a segment brought.
    private struct Stretch: Sendable {
        var entries: [SpoolEntry] = []
        /// The entries that cannot be read, by the index of the entry before which they are missing.
        var missing: [(index: Int, first: UInt64, count: UInt64)] = []
        /// The entry behind the last one, and where it begins.
        var end: UInt64
        var offset: Int
    }

    /// The batches behind `position`, in order, for as long as they come; nil: behind the committed position. Whoever iterated before gets nothing
    /// more.
    /// - Throws: `.foreignPosition` where that is no place in this spool.
    public func batches(from position: Position? = nil) throws(SpoolError) -> SpoolBatches {
        let sequence = try position.map { (position) throws(SpoolError) in try self.sequence(of: position) }
        self.generation += 1
        self.ahead.removeAll()
        self.aheadBytes = 0
        self.readEnd = max(sequence ?? 0, self.plan.committed) + 1
        self.place = nil
        self.readMark = nil
        self.entryAdded.signal()
        return SpoolBatches(spool: self, generation: self.generation)
    }

    /// Whoever iterates gets nothing more.
    func endReading() {
        self.generation += 1
        self.entryAdded.signal()
    }

    /// Whether the newest reader has everything that was appended, and nothing more comes.
    var isExhausted: Bool {
        self.isFinished && self.pending.isEmpty && self.ahead.isEmpty && self.readEnd >= self.plan.nextSequence
    }

    private func sequence(of position: Position) throws(SpoolError) -> UInt64 {
        if let sequence = position.spoolSequence, sequence < self.plan.nextSequence { return sequence }
        throw SpoolError(kind: .foreignPosition, description: "'\(position.value)' is no place in this spool")
    }

    /// Makes `position` durable before it returns, and lets everything before it be deleted.
    /// - Throws: `.foreignPosition`, or `.unavailable` where the cursor cannot be written: then the caller tries again.
    public func commit(_ position: Position) async throws(SpoolError) {
        let sequence = try self.sequence(of: position)
        guard self.plan.commit(sequence) else { return }
        let failures = self.cursorFailures
        self.lastID += 1
        let id = self.lastID
        let committed = Wakeup()
        self.committers[id] = committed
        defer { self.committers[id] = nil }
        self.wakeup.signal()
        while self.plan.committed < sequence {
            if let failure = self.cursorFailure, self.cursorFailures > failures { throw failure }
            guard !self.isStopped, !Task.isCancelled else {
                throw SpoolError(kind: .stopped, description: "the spool has stopped, or nobody waits")
            }
            await committed.wait()
        }
    }

    /// The last position that is committed; nil: none.
    public var committed: Position? {
        self.plan.committed == 0 ? nil : Position(spoolSequence: self.plan.committed)
    }

    /// Keeps an entry that has just become durable in memory, where the reader is that near and there is room.
    func keepForReader(_ content: SpoolContent, at place: Place) {
        guard self.readEnd == place.sequence else { return }
        let batch = self.batch(of: content, at: place.sequence, isFromDisk: false)
        let heldBytes = batch?.heldBytes ?? 0
        guard self.ahead.isEmpty || self.aheadBytes + heldBytes <= self.plan.policy.readAheadBytes else {
            self.place = place
            return
        }
        self.keep(batch, heldBytes: heldBytes)
        self.readEnd = place.sequence + 1
        self.place = nil
    }

    private func keep(_ batch: NotificationBatch?, heldBytes: Int) {
        guard let batch else { return }
        self.ahead.append(Ahead(batch: batch, heldBytes: heldBytes))
        self.aheadBytes += heldBytes
    }

    /// What the reader gets of an entry; nil: nothing.
    private func batch(of content: SpoolContent, at sequence: UInt64, isFromDisk: Bool) -> NotificationBatch? {
        var batch: NotificationBatch
        switch content {
        case .batch(let spooled):
            batch = spooled
            if isFromDisk { batch.receivedAt = self.clock.now }
        case .loss(let loss):
            let gap = self.gap(loss)
            self.count(gap.cause, loss, at: sequence)
            batch = NotificationBatch(gap)
            batch.receivedAt = self.clock.now
            batch.receivedAtMilliseconds = loss.toMilliseconds ?? loss.fromMilliseconds ?? self.clock.wallMilliseconds
        case .mark(let milliseconds):
            self.readMark = milliseconds
            return nil
        }
        batch.position = Position(spoolSequence: sequence)
        return batch
    }

    /// Counts a loss, once however often it is read.
    private func count(_ cause: GapRecord.Cause, _ loss: SpoolLoss, at sequence: UInt64) {
        guard sequence > self.counts.gapsCountedThrough else { return }
        self.counts.gapsCountedThrough = sequence
        self.counts.gaps[cause.rawValue, default: .init()].records += 1
        guard let from = loss.fromMilliseconds, let to = loss.toMilliseconds, from < to else { return }
        self.counts.gaps[cause.rawValue, default: .init()].seconds += Double(to - from) / 1000
    }

    /// The next batch of a reader; nil once it is not the newest one, or the spool or the task has ended.
    func next(generation: Int) async throws(SpoolError) -> NotificationBatch? {
        while generation == self.generation, !self.isStopped {
            if let ahead = self.ahead.popFirst() {
                self.aheadBytes -= ahead.heldBytes
                return ahead.batch
            }
            if self.readEnd < self.plan.nextSequence {
                try await self.readAhead(generation: generation)
                continue
            }
            if Task.isCancelled || self.isExhausted { return nil }
            await self.entryAdded.wait()
        }
        return nil
    }

    /// Reads a stretch that is not in memory.
    private func readAhead(generation: Int) async throws(SpoolError) {
        guard let segment = self.plan.stretch(at: self.readEnd) else {
            // What is committed is gone, and more than that.
            return try self.keepMissing(first: self.readEnd, count: self.plan.nextSequence - self.readEnd, to: nil)
        }
        if segment.first > self.readEnd {
            return try self.keepMissing(first: self.readEnd, count: segment.first - self.readEnd, to: nil)
        }
        var place = Place(segment: segment.first, offset: SpoolSegmentHeader.byteCount, sequence: segment.first)
        if let known = self.place, known.segment == segment.first, known.sequence == self.readEnd { place = known }
        let (medium, start, wanted, maxBytes) = (self.medium, place, self.readEnd, self.plan.policy.readAheadBytes)
        let stretch: Stretch
        do {
            stretch = try await self.reads.run { () throws(SpoolMediumFailure) in
                try Self.read(segment, from: start, wanted: wanted, maxBytes: maxBytes, medium: medium)
            }
        } catch {
            let description = "the spool cannot be read: \(error.description)"
            throw SpoolError(kind: .unavailable, description: description)
        }
        guard generation == self.generation else { return }
        self.counts.diskReads += 1
        for (index, entry) in stretch.entries.enumerated() {
            for missing in stretch.missing where missing.index == index {
                try self.keepMissing(first: missing.first, count: missing.count, to: Self.milliseconds(of: entry))
            }
            let batch = self.batch(of: entry.content, at: entry.sequence, isFromDisk: true)
            if let milliseconds = batch?.receivedAtMilliseconds {
                self.plan.found(oldestMilliseconds: milliseconds, in: segment.first)
            }
            self.keep(batch, heldBytes: batch?.heldBytes ?? 0)
            self.readEnd = entry.sequence + 1
        }
        for missing in stretch.missing where missing.index == stretch.entries.count {
            try self.keepMissing(first: missing.first, count: missing.count, to: nil)
        }
        self.readEnd = max(self.readEnd, stretch.end)
        self.place = Place(segment: segment.first, offset: stretch.offset, sequence: self.readEnd)
    }

    private static func milliseconds(of entry: SpoolEntry) -> Int64? {
        switch entry.content {
        case .batch(let batch): batch.receivedAtMilliseconds
        case .loss(let loss): loss.toMilliseconds
        case .mark(let milliseconds): milliseconds
        }
    }

    /// Entries that cannot be read: a loss in their place, or an error, as the policy says.
    private func keepMissing(first: UInt64, count: UInt64, to milliseconds: Int64?) throws(SpoolError) {
        let segment = self.plan.stretch(at: first).map { self.medium.name(of: $0.first) } ?? "the spool"
        let description = "\(count) confirmed entries of the spool from \(first) on cannot be read in \(segment)"
        switch self.plan.policy.onDamage {
        case .fail:
            throw SpoolError(
                kind: .unreadable,
                description: description + ": restore the file from a backup, or set the spool's onDamage to skip, "
                    + "which leaves them out and writes a gap record"
            )
        case .skip:
            self.logger.error("entries of the spool are left out", metadata: ["reason": "\(description)"])
        }
        self.counts.unreadable += count
        let loss = SpoolLoss(
            cause: .damaged,
            fromMilliseconds: self.readMark,
            toMilliseconds: milliseconds,
            events: count,
            bytes: 0
        )
        let batch = self.batch(of: .loss(loss), at: first + count - 1, isFromDisk: true)
        self.keep(batch, heldBytes: batch?.heldBytes ?? 0)
        self.readEnd = first + count
        self.place = nil
    }

    /// Reads entries from `place` on, those before `wanted` left out, until there are about `maxBytes`. Blocks.
    private static func read(
        _ segment: SpoolPlan.Stretch,
        from place: Place,
        wanted: UInt64,
        maxBytes: Int,
        medium: any SpoolMedium
    ) throws(SpoolMediumFailure) -> Stretch {
        let bytes = try medium.read(
            segment.first,
            from: place.offset,
            byteCount: segment.byteCount - place.offset
        )
        var reader = SpoolSegmentReader(bytes, from: 0, expected: place.sequence, end: segment.end)
        var stretch = Stretch(end: place.sequence, offset: place.offset)
        var held = 0
        while held < maxBytes, let item = reader.next() {
            switch item {
            case .entry(let entry, let end):
                stretch.offset = place.offset + end
                guard entry.sequence >= wanted else { break }
                stretch.entries.append(entry)
                if case .batch(let batch) = entry.content { held += batch.heldBytes }
            case .missing(let first, let count, let end):
                stretch.offset = place.offset + end
                let behind = first + count
                guard behind > wanted else { break }
                let start = max(first, wanted)
                stretch.missing.append((index: stretch.entries.count, first: start, count: behind - start))
            case .torn: break
            }
            stretch.end = reader.expected
        }
        return stretch
    }
}
