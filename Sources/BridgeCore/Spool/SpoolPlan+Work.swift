internal import DequeModule

extension SpoolPlan {
    /// An entry that has become durable.
    public struct Confirmation: Hashable, Sendable {
        /// What it is made of.
        public var part: Part
        /// Its sequence.
        public var sequence: UInt64
        /// Where in its segment it begins.
        public var offset: Int
    }

    /// What to do now; nil: nothing, or something is under way.
    public mutating func nextWork(now: Instant) -> Work? {
        guard self.activity == .idle else { return nil }
        if let pausedUntil = self.pausedUntil, now >= pausedUntil { self.pausedUntil = nil }
        if let pausedUntil = self.deletionPausedUntil, now >= pausedUntil { self.deletionPausedUntil = nil }
        self.admitWaiting(now: now)
        self.closeWhatIsDone(now: now)
        if let wanted = self.wantedCursor.take(), wanted > self.committed {
            let cursor = SpoolCursor(
                committed: wanted,
                coveredUntilMilliseconds: self.coveredUntilMilliseconds
            )
            self.activity = .writingCursor(cursor)
            return .writeCursor(cursor)
        }
        let deletable = self.deletionPausedUntil == nil ? self.deletable : []
        if !deletable.isEmpty {
            self.activity = .deleting(deletable)
            return .delete(deletable)
        }
        guard self.pausedUntil == nil, let group = self.nextGroup(now: now) else { return nil }
        self.activity = .writing(group)
        return .write(group)
    }

    /// The oldest segments, as far as everything in them is committed and none of it is to follow.
    private var deletable: [UInt64] {
        let closed = self.segments.count - (self.isOpen ? 1 : 0)
        return self.segments.prefix(closed).prefix { $0.last <= self.committed }.map(\.first)
    }

    /// Closes the open segment where everything that was to be delivered is committed, and it is old or in the way.
    private mutating func closeWhatIsDone(now: Instant) {
        guard let segment = self.segments.last, self.lastDeliverable <= self.committed, self.gathering.isEmpty else {
            return
        }
        let isOld = segment.openedAt.duration(to: now) >= self.policy.segmentAge
        guard isOld || self.loss != nil || !self.waiting.isEmpty else { return }
        self.isOpen = false
        // Marks behind the last delivery are as good as committed.
        if segment.last > self.committed { self.wantedCursor = self.nextSequence - 1 }
    }

    private mutating func nextGroup(now: Instant) -> Group? {
        guard let first = self.gathering.first else { return nil }
        let open = self.isOpen ? self.segments.last : nil
        let target = open.flatMap { segment -> Segment? in
            let isOld = segment.openedAt.duration(to: now) >= self.policy.segmentAge
            return isOld || segment.byteCount + first.byteCount > self.policy.segmentBytes ? nil : segment
        }
        var group = Group(
            segment: target?.first ?? self.nextSequence,
            isNew: target == nil,
            offset: target?.byteCount ?? SpoolSegmentHeader.byteCount,
            first: self.nextSequence,
            parts: [],
            byteCount: 0
        )
        while let part = self.gathering.first {
            let fitsGroup = group.parts.isEmpty || group.byteCount + part.byteCount <= self.policy.groupBytes
            let fitsSegment = group.offset + group.byteCount + part.byteCount <= self.policy.segmentBytes
            // An entry above a segment's size has one to itself.
            guard fitsGroup, fitsSegment || group.parts.isEmpty else { break }
            self.gathering.removeFirst()
            self.gatheringBytes -= part.byteCount
            group.parts.append(part)
            group.byteCount += part.byteCount
        }
        if group.isNew { self.isOpen = false }
        return group
    }

    /// The group under way is durable. Returns its entries.
    public mutating func wrote(now: Instant) -> [Confirmation] {
        guard case .writing(let group) = self.activity else { preconditionFailure("no write is under way") }
        self.activity = .idle
        self.failuresInARow = 0
        if group.isNew {
            self.segments.append(
                Segment(
                    first: group.segment,
                    last: group.segment - 1,
                    byteCount: group.offset,
                    lastDeliverable: 0,
                    openedAt: now
                )
            )
            self.isOpen = true
        }
        var confirmations: [Confirmation] = []
        var offset = group.offset
        let index = self.segments.count - 1
        for part in group.parts {
            let sequence = self.nextSequence
            confirmations.append(Confirmation(part: part, sequence: sequence, offset: offset))
            offset += part.byteCount
            self.nextSequence += 1
            if part.isDeliverable {
                self.segments[index].lastDeliverable = sequence
                self.lastDeliverable = sequence
            }
            guard case .item(let item) = part else { continue }
            if item.isMark {
                self.coveredUntilMilliseconds = max(item.milliseconds, self.coveredUntilMilliseconds ?? .min)
                self.marks.confirmed(item.milliseconds, at: sequence)
            } else if self.segments[index].oldestMilliseconds == nil {
                self.segments[index].oldestMilliseconds = item.milliseconds
            }
        }
        self.marks.committed(through: self.committed, lastDeliverable: self.lastDeliverable)
        self.segments[index].last = self.nextSequence - 1
        self.segments[index].byteCount = offset
        self.storedBytes += group.byteCount + (group.isNew ? group.offset : 0)
        return confirmations
    }

    /// The group under way is not durable. What the kernel may have of it counts for nothing: a sync that failed says nothing about the next one.
    /// So the segment is left as it is, and the same entries are written to a new one; where that fails too, they are refused.
    public mutating func writeFailed(_ failure: WriteFailure, now: Instant) -> Refusal {
        guard case .writing(let group) = self.activity else { preconditionFailure("no write is under way") }
        self.activity = .idle
        switch failure {
        case .noSpace(let isCut):
            if !isCut { self.abandon(group) }
            self.pausedUntil = now.advanced(by: self.policy.retryDelay)
            switch self.policy.whenFull {
            case .dropNewest: return .dropped(self.lose(group.parts, cause: .full))
            case .block:
                self.putBack(group)
                return .none
            }
        case .failed:
            self.abandon(group)
            self.failuresInARow += 1
            guard self.failuresInARow >= 2 else {
                self.putBack(group)
                return .none
            }
            self.pausedUntil = now.advanced(by: self.policy.retryDelay)
            return .failed(self.lose(group.parts, cause: .diskFailed))
        }
    }

    private mutating func abandon(_ group: Group) {
        self.isOpen = false
        // Of a new segment nothing is confirmed: the next one begins with the same entry and takes its place.
        guard !group.isNew, !self.segments.isEmpty else { return }
        self.segments[self.segments.count - 1].byteCount += group.byteCount
        self.storedBytes += group.byteCount
    }

    private mutating func putBack(_ group: Group) {
        for part in group.parts.reversed() { self.gathering.prepend(part) }
        self.gatheringBytes += group.byteCount
    }
}

// MARK: - Commit

extension SpoolPlan {
    /// Everything up to `sequence` is acknowledged. Returns false where there is no such entry.
    public mutating func commit(_ sequence: UInt64) -> Bool {
        guard sequence < self.nextSequence else { return false }
        // Marks behind the last delivery are as good as committed.
        let wanted = sequence >= self.lastDeliverable ? self.nextSequence - 1 : sequence
        if wanted > self.committed { self.wantedCursor = max(wanted, self.wantedCursor ?? 0) }
        return true
    }

    /// The cursor under way is durable.
    public mutating func cursorWritten() {
        guard case .writingCursor(let cursor) = self.activity else { preconditionFailure("no cursor is under way") }
        self.activity = .idle
        self.committed = cursor.committed
        self.marks.committed(through: self.committed, lastDeliverable: self.lastDeliverable)
    }

    /// The cursor under way could not be written. Whoever commits tries again.
    public mutating func cursorFailed() {
        guard case .writingCursor = self.activity else { preconditionFailure("no cursor is under way") }
        self.activity = .idle
    }

    /// The segments under way are deleted.
    public mutating func deleted(now: Instant) {
        guard case .deleting(let firsts) = self.activity else { preconditionFailure("nothing is being deleted") }
        self.activity = .idle
        for _ in firsts { self.storedBytes -= self.segments.removeFirst().byteCount }
        // There is room on the disk again.
        self.pausedUntil = nil
        self.admitWaiting(now: now)
    }

    /// A segment under way could not be deleted. All of them are tried again after a pause.
    public mutating func deletionFailed(now: Instant) {
        guard case .deleting = self.activity else { preconditionFailure("nothing is being deleted") }
        self.activity = .idle
        self.deletionPausedUntil = now.advanced(by: self.policy.retryDelay)
    }
}
