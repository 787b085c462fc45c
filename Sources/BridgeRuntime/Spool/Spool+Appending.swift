public import BridgeCore
internal import Locking

extension Spool {
    /// Appends a batch. See `append(_:)` for several.
    @discardableResult
    public func append(_ batch: NotificationBatch) async throws(SpoolError) -> SpoolReceipt {
        try await self.append([batch])
    }

    /// Appends batches, in this order and behind everything that was appended before. Returns when each is durable, or dropped and accounted for.
    /// A batch without a receive time is given the present one; a position that it has is replaced by its place in the spool.
    ///
    /// A reader that gathers what comes while it waits, and appends that as one list, is as fast as the disk's bandwidth and not as its syncs.
    /// - Throws: `.unavailable` where the disk fails: the batches are accounted for as lost. `.stopped` where the spool or the task ended first.
    @discardableResult
    public func append(_ batches: [NotificationBatch]) async throws(SpoolError) -> SpoolReceipt {
        guard !self.isStopped, !self.isFinished else {
            throw SpoolError(kind: .stopped, description: "the spool has stopped")
        }
        guard !batches.isEmpty else { return SpoolReceipt() }
        let ticket = self.nextID()
        self.tickets[ticket] = Ticket(outstanding: batches.count)
        var ids: [UInt64] = []
        for batch in batches {
            var batch = batch
            let milliseconds = batch.receivedAtMilliseconds ?? self.clock.wallMilliseconds
            batch.receivedAtMilliseconds = milliseconds
            // A notice is as little to be lost as an event.
            let events = batch.events.count + (batch.notice == nil ? 0 : 1)
            ids.append(self.offer(.batch(batch), events: events, milliseconds: milliseconds, ticket: ticket))
        }
        self.wakeup.signal()
        return try await self.receipt(of: ticket, ids: ids)
    }

    /// Says that everything that was sent before `milliseconds` has been appended: the readers of all sockets had caught up then (C1). It is durable
    /// with the next sync; nobody waits for it.
    public func mark(coveredUntilMilliseconds milliseconds: Int64) {
        guard !self.isStopped, !self.isFinished else { return }
        _ = self.offer(.mark(milliseconds: milliseconds), events: 0, milliseconds: milliseconds, ticket: nil)
        self.wakeup.signal()
    }

    /// Says that nothing more is appended: the reader ends behind the last entry.
    func finish() {
        self.isFinished = true
        self.entryAdded.signal()
    }

    private func nextID() -> UInt64 {
        self.lastID += 1
        return self.lastID
    }

    private func offer(_ content: SpoolContent, events: Int, milliseconds: Int64, ticket: UInt64?) -> UInt64 {
        let item = SpoolPlan.Item(
            id: self.nextID(),
            byteCount: SpoolFrame.byteCount(of: content),
            events: events,
            milliseconds: milliseconds,
            isMark: !content.isDeliverable
        )
        self.pending[item.id] = Pending(content: content, ticket: ticket)
        switch self.plan.offer(item, now: self.clock.now) {
        case .gathered, .waits: break
        case .dropped: self.dropped([item.id])
        }
        return item.id
    }

    private func receipt(of ticket: UInt64, ids: [UInt64]) async throws(SpoolError) -> SpoolReceipt {
        while let state = self.tickets[ticket] {
            if let failure = state.failure {
                self.tickets[ticket] = nil
                throw failure
            }
            if state.outstanding == 0 {
                self.tickets[ticket] = nil
                return state.receipt
            }
            if Task.isCancelled {
                self.tickets[ticket] = nil
                // What waits for room is taken back; what gathers is written.
                for id in ids where self.plan.withdraw(id) { self.pending[id] = nil }
                break
            }
            await state.wakeup.wait()
        }
        throw SpoolError(kind: .stopped, description: "whoever appended no longer waits")
    }

    /// These items are not written; a loss accounts for them.
    func dropped(_ ids: [UInt64]) {
        for id in ids {
            guard let pending = self.pending.removeValue(forKey: id), pending.content.isDeliverable else { continue }
            self.counts.dropped += 1
            self.settle(pending.ticket) { $0.dropped += 1 }
        }
    }

    /// These items could not be written; a loss accounts for them.
    func failed(_ ids: [UInt64], with error: SpoolError) {
        for id in ids {
            guard let pending = self.pending.removeValue(forKey: id), pending.content.isDeliverable else { continue }
            self.counts.dropped += 1
            if let ticket = pending.ticket { self.fail(ticket: ticket, with: error) }
        }
    }

    /// One of a ticket's items is settled.
    func settle(_ ticket: UInt64?, _ change: (inout SpoolReceipt) -> Void) {
        guard let ticket, var state = self.tickets[ticket] else { return }
        change(&state.receipt)
        state.outstanding -= 1
        self.tickets[ticket] = state
        if state.outstanding == 0 { state.wakeup.signal() }
    }

    func fail(ticket: UInt64, with error: SpoolError) {
        self.tickets[ticket]?.failure = error
        self.tickets[ticket]?.wakeup.signal()
    }
}
