import BridgeCore

@testable import KafkaDelivery

// What the machine decides, carried out.

extension TransactionDriver {
    func commit() {
        self.recordsReported(until: self.world.now + BridgeProcess.uncertainAfter) {
            self.writePositions {
                guard !self.isFailing else {
                    self.machine.commitRefused(reason: "a record was not written")
                    return self.stepEnds()
                }
                self.flush(until: self.world.now + BridgeProcess.uncertainAfter)
            }
        }
    }

    /// Positions are written behind what they cover.
    private func recordsReported(until giveUpAt: Nanoseconds, _ done: @escaping () -> Void) {
        self.takeReports()
        if self.isFatal {
            // An abort is refused, too: a new producer finds out.
            self.isFatal = false
            self.machine.uncertain(reason: "the producer can do nothing more")
            return self.stepEnds()
        }
        if self.isFailing || self.machine.hasUnreported && self.world.now >= giveUpAt {
            self.machine.commitRefused(reason: "its records are not acknowledged")
            return self.stepEnds()
        }
        guard self.machine.hasUnreported else { return done() }
        self.wait(until: giveUpAt) { self.recordsReported(until: giveUpAt, done) }
    }

    /// Calls `again` when something has changed, or at `instant`.
    private func wait(until instant: Nanoseconds, _ again: @escaping () -> Void) {
        var isOver = false
        let once = {
            guard !isOver else { return }
            isOver = true
            self.onChange = nil
            again()
        }
        self.onChange = once
        self.process.after(instant - self.world.now, once)
    }

    /// The commit waits for what is on its way.
    private func flush(until giveUpAt: Nanoseconds) {
        self.takeReports()
        if self.isFatal || self.world.now >= giveUpAt, self.machine.hasUnreported || self.isFatal {
            self.isFatal = false
            self.machine.uncertain(reason: "whether the transaction is committed is not known")
            return self.stepEnds()
        }
        guard !self.machine.hasUnreported else {
            return self.wait(until: giveUpAt) { self.flush(until: giveUpAt) }
        }
        self.onChange = nil
        guard !self.isFailing else {
            self.machine.commitRefused(reason: "a record was not written")
            return self.stepEnds()
        }
        guard !self.process.reach(.crashBeforeCommit) else { return }
        self.broker.commit(self.id, epoch: self.epoch, by: self.process) { answer in
            switch answer {
            case .refused: self.machine.commitRefused(reason: "refused")
            case .lost, .fenced: self.machine.uncertain(reason: "\(answer)")
            case .done:
                guard !self.process.reach(.crashAfterCommit) else { return }
                self.noteCommitted()
            }
            self.stepEnds()
        }
    }

    private func writePositions(_ done: @escaping () -> Void) {
        self.attempted = [:]
        let entries = self.entries.filter { !$0.batch.batch.part.isLeading }
        for (tenant, batches) in Dictionary(grouping: entries, by: \.batch.tenant).sorted(by: { $0.key < $1.key }) {
            let progress = batches.compactMap(\.progress)
            let before = self.committed[tenant] ?? self.process.loaded[tenant]
            guard var checkpoint = progress.last(where: { $0.checkpoint != nil })?.checkpoint ?? before else {
                continue
            }
            checkpoint.eventIDs = RecentEventIDs.of(progress, before: before?.eventIDs ?? [])
            self.attempted[tenant] = PositionWrite(serial: self.world.nextSerial(), checkpoint: checkpoint)
        }
        let writes = self.attempted.sorted { $0.key < $1.key }
        guard !writes.isEmpty else { return done() }
        let routes = RecordRoutes([])
        self.machine.admitPositions()
        let slot = self.slot(.max, isUrgent: false)
        // Each tenant's has a batch of its own here, and one report for all of them.
        var left = writes.count
        for (tenant, write) in writes {
            let one = ReportInbox()
            one.onReport = { [unowned one] in
                for report in one.take() {
                    if report.outcome != .acknowledged { slot.isFailing() }
                    left -= 1
                    if left == 0 { slot.receive(report) }
                }
            }
            one.onFailing = { slot.isFailing() }
            let batch = RecordBatch(sequence: 0, bytes: MessageBytes([]), routes: routes, records: [])
            self.kafka?.produce(
                ProducedBatch(batch: batch, contents: [.position(write)], tenant: tenant),
                to: one,
                done: {}
            )
        }
        done()
    }

    private func noteCommitted() {
        for (tenant, write) in self.attempted { self.committed[tenant] = write.checkpoint }
        self.attempted = [:]
        self.world.counts.splitMessages = max(self.world.counts.splitMessages, self.machine.splitMessages)
        for index in self.entries.indices {
            let batch = self.entries[index].batch
            self.cutBatches[batch.tenant] = batch.batch.part.isLeading ? batch.batch.sequence : nil
            for case .event(let sequence, _) in batch.contents {
                self.world.upstream.tenants[batch.tenant].truth.told(sequence)
            }
            self.entries[index].tell(.acknowledged)
        }
        self.entries = []
        self.machine.ended()
    }

    func abort(reason: String) {
        self.kafka?.purge()
        self.broker.abort(self.id, epoch: self.epoch, by: self.process) { answer in
            guard case .done = answer else {
                self.machine.uncertain(reason: "it cannot be aborted")
                return self.stepEnds()
            }
            self.everythingReported {
                self.world.counts.aborts += 1
                self.attempted = [:]
                self.tellAborted(reason: reason)
                self.machine.ended()
                self.stepEnds()
            }
        }
    }

    private func tellAborted(reason: String) {
        for index in self.entries.indices {
            let report = self.entries[index].report
            if let report, !report.refusals.isEmpty {
                self.entries[index].tell(report.outcome, refusals: report.refusals)
            } else {
                self.entries[index].tell(.unknown(reason: reason))
            }
        }
        self.entries = []
        self.cutBatches = [:]
    }

    func recover(reason: String) {
        self.world.counts.recoveries += 1
        self.kafka?.purge()
        self.everythingReported {
            self.broker.read(by: self.process) {
                if self.giveUpIfLost(reason: reason) { return }
                self.makeProducer {
                    self.broker.read(by: self.process) {
                        if self.giveUpIfLost(reason: reason) { return }
                        self.findOut(reason: reason)
                        self.stepEnds()
                    }
                }
            }
        }
    }

    /// What the topic says of the commit that was tried.
    private func findOut(reason: String) {
        let isCommitted = self.attempted.allSatisfy { self.world.store.written[$0.key] == $0.value }
        if !self.attempted.isEmpty, isCommitted { return self.noteCommitted() }
        self.attempted = [:]
        self.tellAborted(reason: reason)
        self.machine.ended()
    }

    private func giveUpIfLost(reason: String) -> Bool {
        guard self.tenants.contains(where: { self.world.store.owners[$0] > self.process.number }) else { return false }
        self.machine.lost(reason: "another instance has it")
        self.isLost = true
        self.tellAborted(reason: reason)
        self.stepEnds()
        self.process.partitionLost()
        return true
    }
}
