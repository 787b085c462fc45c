internal import BridgeCore
internal import Locking
internal import Logging

extension Spool {
    /// What became of a write.
    private enum Written: Sendable {
        case durable
        case failed(SpoolPlan.WriteFailure, SpoolMediumFailure)
    }

    /// Does one thing, and tells the plan.
    func perform(_ work: SpoolPlan.Work) async {
        switch work {
        case .write(let group): await self.write(group)
        case .writeCursor(let cursor): await self.write(cursor)
        case .delete(let segments): await self.delete(segments)
        }
    }

    private func write(_ group: SpoolPlan.Group) async {
        var contents: [SpoolContent] = []
        for part in group.parts {
            switch part {
            case .item(let item):
                guard let pending = self.pending[item.id] else { preconditionFailure("item \(item.id) is unknown") }
                contents.append(pending.content)
            case .loss(let loss): contents.append(.loss(loss))
            }
        }
        let (medium, crashPoint, entries) = (self.medium, self.crashPoint, contents)
        let written = await self.writes.run { Self.write(group, entries, to: medium, crashPoint: crashPoint) }
        switch written {
        case .durable:
            self.counts.syncs += 1
            self.counts.failure = nil
            self.confirm(self.plan.wrote(now: self.clock.now), of: group)
        case .failed(let failure, let reason):
            self.counts.failure = reason.description
            self.logger.error(
                "the spool cannot be written",
                metadata: ["reason": "\(reason.description)"]
            )
            switch self.plan.writeFailed(failure, now: self.clock.now) {
            case .none: break
            case .dropped(let ids): self.dropped(ids)
            case .failed(let ids):
                let description = "the spool cannot be written: \(reason.description)"
                self.failed(ids, with: SpoolError(kind: .unavailable, description: description))
            }
        }
    }

    /// Writes and syncs. Blocks.
    private static func write(
        _ group: SpoolPlan.Group,
        _ contents: [SpoolContent],
        to medium: any SpoolMedium,
        crashPoint: (SpoolCrashPoint) -> Void
    ) -> Written {
        var bytes = group.isNew ? SpoolSegmentHeader.bytes(first: group.segment) : []
        bytes.reserveCapacity(bytes.count + group.byteCount)
        // Of a new segment nothing is durable, not even its header.
        let durable = group.isNew ? 0 : group.offset
        for (index, content) in contents.enumerated() {
            let entry = SpoolEntry(sequence: group.first + UInt64(index), content: content)
            SpoolFrame.append(entry, durable: durable, to: &bytes)
        }
        do {
            try medium.write(bytes, to: group.segment, at: durable, isNew: group.isNew)
            crashPoint(group.isNew ? .whileRotatingSpool : .afterSpoolWriteBeforeSync)
            try medium.sync(group.segment, isNew: group.isNew)
            crashPoint(.afterSpoolSyncBeforeConfirm)
            return .durable
        } catch {
            switch error.kind {
            case .noSpace:
                let isCut = (try? medium.cut(group.segment, to: group.isNew ? nil : group.offset)) != nil
                return .failed(.noSpace(isCut: isCut), error)
            case .failed, .locked:
                _ = try? medium.cut(group.segment, to: group.isNew ? nil : group.offset)
                return .failed(.failed, error)
            }
        }
    }

    private func confirm(_ confirmations: [SpoolPlan.Confirmation], of group: SpoolPlan.Group) {
        for confirmation in confirmations {
            self.counts.confirmed += 1
            let content: SpoolContent
            switch confirmation.part {
            case .item(let item):
                guard let pending = self.pending.removeValue(forKey: item.id) else { continue }
                content = pending.content
                self.settle(pending.ticket) { $0.last = confirmation.sequence }
            case .loss(let loss): content = .loss(loss)
            }
            let place = Place(segment: group.segment, offset: confirmation.offset, sequence: confirmation.sequence)
            self.keepForReader(content, at: place)
        }
        self.entryAdded.signal()
    }

    private func write(_ cursor: SpoolCursor) async {
        let medium = self.medium
        do {
            try await self.writes.run { () throws(SpoolMediumFailure) in try medium.writeCursor(cursor.bytes) }
            self.crashPoint(.afterSpoolCursorBeforeDelete)
            self.plan.cursorWritten()
        } catch {
            self.cursorFailures += 1
            let description = "the spool's cursor cannot be written: \(error.description)"
            self.cursorFailure = SpoolError(kind: .unavailable, description: description)
            self.plan.cursorFailed()
        }
        for committer in self.committers.values { committer.signal() }
    }

    private func delete(_ segments: [UInt64]) async {
        let (medium, crashPoint) = (self.medium, self.crashPoint)
        do {
            try await self.writes.run { () throws(SpoolMediumFailure) in
                for (index, segment) in segments.enumerated() {
                    try medium.delete(segment)
                    if index + 1 < segments.count { crashPoint(.whileDeletingSpool) }
                }
            }
            self.plan.deleted(now: self.clock.now)
        } catch {
            self.logger.error(
                "a committed part of the spool cannot be deleted; it is tried again",
                metadata: ["reason": "\(error.description)"]
            )
            self.plan.deletionFailed(now: self.clock.now)
        }
    }
}
