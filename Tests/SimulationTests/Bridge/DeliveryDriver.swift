import BridgeCore

/// What `StreamDelivery` does.
final class DeliveryDriver {
    unowned(unsafe) let process: BridgeProcess
    let tenant: TenantUpstream
    let queue: QueueDriver
    let committer: CommitterDriver
    let mapper: RecordMapper
    let producer: any ProducerModel
    /// What Kafka refused, and is to be told when it comes again.
    var refused = RefusedRecords()
    private var recordsInFlight: [UInt64: RecordBatch] = [:]
    private(set) var ledger = DeliveryLedger()
    /// Positions of the batches that a crash would repeat, as far as they were handed on: the same window, kept apart.
    private var uncommitted: [Int] = []
    private(set) var batchesAcknowledged: UInt64 = 0
    let inbox = ReportInbox()
    private var settlers: [() -> Void] = []
    private var onFailure: (String) -> Void = { _ in }
    private var isTakerPlanned = false
    private var isTaking = false
    /// What waits until no batch is under way.
    private var afterReports: (() -> Void)?
    private var isReportTakerPlanned = false

    init(_ process: BridgeProcess, _ tenant: TenantUpstream, _ queue: QueueDriver, _ committer: CommitterDriver) {
        self.process = process
        self.producer = process.producer(of: tenant.number)
        self.tenant = tenant
        self.queue = queue
        self.committer = committer
        self.mapper = RecordMapper(
            source: "/genesys/simulated/\(tenant.number)",
            families: ["routing.queueEvents", "users.presence"].map { .init(name: $0, kafkaTopic: "genesys.\($0)") },
            deadLetterTopic: "dead-letters",
            gapTopic: "gaps",
            refused: .init(valueBytesMax: 1_000, sha256: { "sha256 of \($0.count)" })
        )
    }

    var world: World { self.process.world }

    func run(onFailure: @escaping (String) -> Void) {
        self.onFailure = onFailure
        // A process that is gone leaves what was on its way to nobody.
        self.queue.onElement = { [weak self] in self?.planTaking() }
        self.queue.onHeldBack = { [weak self] in
            guard let self, !self.isTaking else { return }
            self.producer.settle(tenant: self.tenant.number)
        }
        self.inbox.onReport = { [weak self] in self?.planReports() }
    }

    func settle(discarding: Bool, _ done: @escaping (Checkpoint?) -> Void) {
        self.settlers.append { self.committer.flush(done) }
        self.queue.fence(discarding: discarding)
    }

    var isEmpty: Bool { self.ledger.outstanding == 0 && self.queue.queue.isEmpty }

    /// `bounded-repetition`: what is handed on and not durable is at most twice the window.
    func check() {
        let durable = self.world.store.durable[self.tenant.number].map { OpaquePosition.sequence(of: $0.position) }
        if let durable { self.uncommitted.removeAll { $0 <= durable } }
        let most = 2 * self.queue.queue.limits.batches
        self.world.expect(self.uncommitted.count <= most, "bounded-repetition") {
            "a crash would repeat \(self.uncommitted.count) batches, of \(most)"
        }
    }

    // MARK: - Queue to producer

    private func planTaking() {
        guard !self.isTakerPlanned, !self.isTaking else { return }
        self.isTakerPlanned = true
        self.process.after(self.world.hop()) {
            self.isTakerPlanned = false
            self.takeBatches()
        }
    }

    private func takeBatches() {
        while !self.isTaking, self.process.isAlive, let element = self.queue.next() {
            self.isTaking = true
            switch element {
            case .batch(let batch): self.deliver(batch) { self.isTaking = false }
            case .fence: self.passFence()
            }
        }
    }

    private func deliver(_ handed: HandedBatch, done: @escaping () -> Void) {
        let batch = handed.batch
        guard !self.ledger.isBroken, !self.inbox.hasFailed else {
            self.queue.release(bytes: batch.heldBytes, batches: 1)
            return done()
        }
        self.process.reach(.afterReceiveBeforeProduce, hasRecords: !batch.events.isEmpty)
        guard self.process.isAlive else { return }
        var mapped = self.mapper.map(batch, receivedAtMilliseconds: self.world.now / .millisecond)
        var contents = mapped.records.map { self.content(of: $0, handed) }
        let treated = self.treat(&mapped, &contents)
        let go = { self.deliver(handed, mapped, contents, treated, done: done) }
        guard !treated.alone.isEmpty else { return go() }
        // With nothing else of the stream under way, what is refused then is refused for its own sake.
        self.everythingReported {
            guard !self.ledger.isBroken, self.ledger.outstanding == 0 else {
                self.queue.release(bytes: batch.heldBytes, batches: 1)
                done()
                return self.planTaking()
            }
            go()
        }
    }

    private func deliver(
        _ handed: HandedBatch,
        _ mapped: RecordMapper.Mapped,
        _ contents: [RecordInFlight.Content],
        _ treated: Treated,
        done: @escaping () -> Void
    ) {
        let batch = handed.batch
        let stream = StreamID(tenant: "t\(self.tenant.number)", stream: "0")
        let progress = BatchProgress(batch, of: stream)
        let sequence = self.ledger.open(
            heldBytes: batch.heldBytes,
            checkpoint: progress.checkpoint,
            receivedAt: batch.receivedAt
        )
        if let position = batch.position { self.uncommitted.append(OpaquePosition.sequence(of: position)) }
        let isNews = self.producer.commitsPositions && (progress.checkpoint != nil || progress.endsMessage)
        guard !mapped.records.isEmpty || isNews else {
            self.settleReports([DeliveryReport(sequence: sequence, outcome: .acknowledged)])
            done()
            return self.planTaking()
        }
        let records = RecordBatch(
            sequence: sequence,
            bytes: treated.bytes,
            routes: self.mapper.routes,
            records: mapped.records,
            progress: progress
        )
        self.recordsInFlight[sequence] = records
        let produced = ProducedBatch(batch: records, contents: contents, tenant: self.tenant.number)
        let over = {
            guard self.process.isAlive else { return }
            self.process.reach(.afterProduceBeforeAcknowledge)
            done()
            self.planTaking()
        }
        if treated.alone.isEmpty {
            self.producer.produce(produced, to: self.inbox, done: over)
        } else {
            self.produce(produced, alone: treated.alone, done: over)
        }
    }

    private func content(of record: KafkaRecord, _ handed: HandedBatch) -> RecordInFlight.Content {
        if let gap = handed.gap { return .gap(gap) }
        if !handed.deadLettered.isEmpty { return .deadLetter(sequences: handed.deadLettered) }
        let sequence = SimulatedBatch.sequence(record.id, in: handed.batch.bytes)
        return .event(sequence: sequence, key: self.tenant.log[sequence].key)
    }

    /// Everything before the fence is with the producer: wait for its reports.
    private func passFence() {
        self.everythingReported {
            let discarded = self.ledger.empty()
            self.queue.release(bytes: 0, batches: discarded)
            if discarded > 0 {
                let newest = self.committer.newest.map { OpaquePosition.sequence(of: $0.position) } ?? .min
                self.uncommitted.removeAll { $0 > newest }
            }
            self.inbox.settled()
            self.refused.settled()
            self.isTaking = false
            if !self.settlers.isEmpty {
                let settler = self.settlers.removeFirst()
                self.process.after(self.world.hop(), settler)
            }
            self.planTaking()
        }
    }

    private func everythingReported(_ done: @escaping () -> Void) {
        guard self.ledger.outstanding > 0 else { return done() }
        self.producer.settle(tenant: self.tenant.number)
        self.afterReports = done
    }

    // MARK: - Reports to ledger to committer

    private func planReports() {
        guard !self.isReportTakerPlanned else { return }
        self.isReportTakerPlanned = true
        // Mostly at once, sometimes late.
        let delay = self.world.oneIn(50) ? self.world.draw(1...3_000) * .millisecond : self.world.hop()
        self.process.after(delay) {
            self.isReportTakerPlanned = false
            let reports = self.inbox.take()
            guard !reports.isEmpty, let failure = self.settleReports(reports) else { return }
            self.process.after(self.world.hop()) { self.onFailure(failure) }
        }
    }

    @discardableResult
    private func settleReports(_ reports: [DeliveryReport]) -> String? {
        var failure: String?
        var checkpoint: Checkpoint?
        var (releasedBytes, releasedBatches, coveredBatches) = (0, 0, 0)
        for report in reports {
            if let records = self.recordsInFlight.removeValue(forKey: report.sequence) {
                self.note(report.refusals, of: records)
            }
            switch report.outcome {
            case .acknowledged: break
            case .refused(let reason): failure = failure ?? "Kafka refuses a record: \(reason)"
            case .unknown(let reason): failure = failure ?? "delivery is uncertain: \(reason)"
            }
            let settlement = self.ledger.report(report.sequence, acknowledged: report.outcome == .acknowledged)
            releasedBytes += settlement.releasedBytes
            releasedBatches += settlement.releasedBatches
            coveredBatches += settlement.coveredBatches
            checkpoint = settlement.checkpoint ?? checkpoint
        }
        self.queue.release(bytes: releasedBytes, batches: releasedBatches, uncommitted: coveredBatches)
        self.batchesAcknowledged += UInt64(releasedBatches)
        if self.ledger.outstanding == 0, let afterReports {
            self.afterReports = nil
            self.process.after(self.world.hop(), afterReports)
        }
        if let checkpoint {
            self.process.reach(.afterAcknowledgeBeforeCommit)
            guard self.process.isAlive else { return nil }
            self.committer.advanced(to: checkpoint, batches: coveredBatches)
        }
        return failure
    }
}
