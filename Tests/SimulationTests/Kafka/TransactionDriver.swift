import BridgeCore

/// What `TransactionalProducer` does.
final class TransactionDriver: ProducerModel {
    struct Entry {
        let batch: ProducedBatch
        let inbox: ReportInbox
        var report: DeliveryReport?
        var isTold = false

        var progress: BatchProgress? { self.batch.batch.progress }

        mutating func tell(_ outcome: DeliveryReport.Outcome, refusals: [RecordRefusal] = []) {
            guard !self.isTold else { return }
            self.isTold = true
            self.inbox.receive(
                DeliveryReport(sequence: self.batch.batch.sequence, outcome: outcome, refusals: refusals)
            )
        }
    }

    unowned(unsafe) let process: BridgeProcess
    let id: Int
    let tenants: [Int]
    var machine: TransactionMachine
    var kafka: KafkaModel?
    var epoch = 0
    var entries: [Entry] = []
    var committed: [Int: Checkpoint] = [:]
    var cutBatches: [Int: UInt64] = [:]
    var attempted: [Int: PositionWrite] = [:]
    var waiters: [() -> Void] = []
    /// What the producer's thread has left.
    var reports: [(entry: Int, report: DeliveryReport)] = []
    var isFailing = false
    var isFatal = false
    var isLookPlanned = false
    var isAtWork = false
    var wakeups = 0
    var onChange: (() -> Void)?
    var isLost = false

    init(_ process: BridgeProcess, id: Int, tenants: [Int]) {
        self.process = process
        self.id = id
        self.tenants = tenants
        let plan = process.world.plan
        self.machine = TransactionMachine(
            TransactionPolicy(
                interval: plan.commit.interval,
                batches: min(plan.commit.batches, plan.queueBatches),
                bytes: max(plan.queueBytes / 2, 1)
            )
        )
    }

    var world: World { self.process.world }
    var broker: TransactionBroker { self.world.broker }

    var commitsPositions: Bool { true }

    /// Producer, claim, fence; positions are read behind it.
    func start(_ done: @escaping () -> Void) {
        self.makeProducer {
            self.process.after(self.world.latency()) {
                for tenant in self.tenants { self.world.store.owners[tenant] = self.process.number }
                self.makeProducer { self.broker.read(by: self.process, done) }
            }
        }
    }

    func makeProducer(_ done: @escaping () -> Void) {
        self.broker.initialise(self.id, by: self.process) { [unowned self] epoch in
            self.epoch = epoch
            self.isFatal = false
            self.kafka = KafkaModel(
                self.process,
                takesIntoTransaction: { self.broker.append($0, id: self.id, epoch: epoch) },
                onFatal: {
                    guard self.epoch == epoch else { return }
                    self.isFatal = true
                    self.changed()
                }
            )
            done()
        }
    }

    func abandon() { self.kafka?.abandon() }

    // MARK: - Batches

    func produce(_ batch: ProducedBatch, to inbox: ReportInbox, done: @escaping () -> Void) {
        guard let progress = batch.batch.progress else { preconditionFailure("a batch of no stream") }
        func report(_ outcome: DeliveryReport.Outcome) {
            inbox.receive(DeliveryReport(sequence: batch.batch.sequence, outcome: outcome))
            done()
        }
        if inbox.hasFailed || !self.continues(batch) { return report(.unknown(reason: "one before it failed")) }
        if self.saysNothing(batch, progress) { return report(.acknowledged) }
        let admission = self.machine.admit(
            progress.stream,
            heldBytes: batch.batch.bytes.count,
            endsMessage: progress.endsMessage && !batch.batch.part.isLeading,
            now: self.world.instant
        )
        switch admission {
        case .refused(let reason): return report(.unknown(reason: reason))
        case .wait:
            if self.machine.needsAttention(now: self.world.instant) { self.changed() }
            self.waiters.append { self.produce(batch, to: inbox, done: done) }
        case .admitted(let begins):
            if begins {
                self.isFailing = false
                self.changed()
            }
            self.cutBatches[batch.tenant] = nil
            self.entries.append(Entry(batch: batch, inbox: inbox))
            let slot = self.slot(self.entries.count - 1, isUrgent: batch.batch.part.isLeading)
            self.kafka?.produce(batch, to: slot) {
                self.noteFailure()
                self.machine.handedOver()
                if self.machine.needsAttention(now: self.world.instant) { self.changed() }
                done()
            }
        }
    }

    func settle(tenant: Int) {
        self.machine.settle(StreamID(tenant: "t\(tenant)", stream: "0"))
        self.changed()
    }

    /// Takes the reports of one batch. The loop hears of one that says nothing new only where it waits for it.
    func slot(_ entry: Int, isUrgent: Bool) -> ReportInbox {
        let slot = ReportInbox()
        slot.onReport = { [unowned self, unowned slot] in
            let reports = slot.take()
            for report in reports { self.reports.append((entry, report)) }
            let isWritten = reports.allSatisfy { $0.outcome == .acknowledged }
            if self.onChange != nil || isUrgent || !isWritten { self.changed() }
        }
        slot.onFailing = { [unowned self] in
            self.isFailing = true
            self.changed()
        }
        return slot
    }

    func continues(_ batch: ProducedBatch) -> Bool {
        guard batch.batch.part == .last || batch.batch.part == .leading(isFirst: false) else { return true }
        if self.cutBatches[batch.tenant] == batch.batch.sequence { return true }
        return self.entries.contains {
            $0.batch.batch.sequence == batch.batch.sequence && $0.batch.tenant == batch.tenant
        }
    }

    func saysNothing(_ batch: ProducedBatch, _ progress: BatchProgress) -> Bool {
        guard batch.contents.isEmpty, !self.entries.contains(where: { $0.batch.tenant == batch.tenant }) else {
            return false
        }
        guard let position = progress.checkpoint?.position else { return true }
        return position == self.committed[batch.tenant]?.position
    }

    // MARK: - Its loop

    func changed() {
        if let onChange {
            self.onChange = nil
            self.process.after(self.world.hop(), onChange)
        }
        guard !self.isLookPlanned else { return }
        self.isLookPlanned = true
        self.process.after(self.world.hop()) {
            self.isLookPlanned = false
            self.look()
        }
    }

    func look() {
        guard !self.isAtWork else { return }
        self.takeReports()
        self.noteFailure()
        if self.isFatal {
            self.isFatal = false
            self.machine.uncertain(reason: "fatal")
        }
        if let step = self.machine.next(now: self.world.instant) {
            self.isAtWork = true
            self.world.trace { "transaction: \(step)" }
            switch step {
            case .commit: self.commit()
            case .abort(let reason): self.abort(reason: reason)
            case .recover(let reason): self.recover(reason: reason)
            }
            return
        }
        guard let deadline = self.machine.nextDeadline else { return }
        self.wakeups += 1
        let wakeup = self.wakeups
        self.process.after(deadline.nanoseconds - self.world.now) { if wakeup == self.wakeups { self.look() } }
    }

    func stepEnds() {
        self.isAtWork = false
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters { self.process.after(self.world.hop(), waiter) }
        self.changed()
    }

    func takeReports() {
        let reports = self.reports
        self.reports = []
        for (index, report) in reports {
            self.machine.reported()
            guard index < self.entries.count else {
                if report.outcome != .acknowledged { self.machine.failed(reason: "a position was not written") }
                continue
            }
            self.entries[index].report = report
            if report.outcome == .acknowledged {
                if self.entries[index].batch.batch.part.isLeading { self.entries[index].tell(.acknowledged) }
            } else {
                self.machine.failed(reason: "a record was not written")
            }
        }
    }

    func noteFailure() {
        if self.isFailing { self.machine.failed(reason: "a record was not written") }
    }

    /// Waits until nothing of the transaction is with the producer any more.
    func everythingReported(_ done: @escaping () -> Void) {
        self.takeReports()
        guard self.machine.hasUnreported else { return done() }
        self.onChange = { self.everythingReported(done) }
    }
}
