internal import BridgeCore
internal import Locking
internal import Logging

/// Takes one stream's batches out of its queue, has their records produced, and lets the committed position follow the
/// acknowledged prefix.
///
/// - Receives: batches from the stream's `BatchQueue`; reports from the producer.
/// - Hands to: the `RecordProducer`, records; the `CheckpointCommitter`, positions that are safe.
/// - Holds at most: what the queue admitted.
actor StreamDelivery {
    let stream: StreamID
    let queue: BatchQueue
    let mapper: RecordMapper
    let producer: any RecordProducer
    private let onRefused: RefusalPolicy
    private let committer: CheckpointCommitter
    let clock: any BridgeClock
    let telemetry: StreamTelemetry
    private let crashPoint: @Sendable (CrashPoint) -> Void
    let logger: Logger

    private var ledger = DeliveryLedger()
    var watch: AcknowledgementWatch
    let watchBegins = Wakeup()
    /// Whether the watching task sleeps until a moment that is not too late.
    var isWatching = false
    /// Events of each batch in flight, by sequence: what an acknowledgement adds to the counters.
    private var eventCounts: [UInt64: Int] = [:]
    let inbox = DeliveryReportInbox()
    /// What Kafka refused, and is to be told when it comes again.
    var refused = RefusedRecords()
    /// The records of each batch in flight, by sequence: what a refusal is about.
    private var recordsInFlight: [UInt64: RecordBatch] = [:]
    private let ledgerSettled = Wakeup()
    private var settlers: [CheckedContinuation<Void, Never>] = []
    private var isOver = false

    init(
        stream: StreamID,
        queue: BatchQueue,
        mapper: RecordMapper,
        producer: any RecordProducer,
        onRefused: RefusalPolicy,
        committer: CheckpointCommitter,
        silenceLimit: Duration,
        clock: any BridgeClock,
        telemetry: StreamTelemetry,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void,
        logger: Logger
    ) {
        self.stream = stream
        self.queue = queue
        self.mapper = mapper
        self.producer = producer
        self.onRefused = onRefused
        self.committer = committer
        self.watch = AcknowledgementWatch(limit: silenceLimit)
        self.clock = clock
        self.telemetry = telemetry
        self.crashPoint = crashPoint
        self.logger = logger
    }

    /// Delivers until cancelled. `onFailure` hears of every batch that was not acknowledged.
    func run(onFailure: @escaping @Sendable (String) async -> Void) async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.takeBatches() }
            group.addTask { await self.takeReports(onFailure: onFailure) }
            group.addTask { await self.watchAcknowledgements() }
        }
        self.isOver = true
        self.releaseSettlers()
    }

    /// Waits until everything in the queue (or, if `discarding`, everything already handed to the producer) is reported and
    /// what is safe is committed. Returns the durable checkpoint.
    func settle(discarding: Bool) async -> Checkpoint? {
        if !self.isOver {
            await withCheckedContinuation { continuation in
                self.settlers.append(continuation)
                let dropped = self.queue.fence(discarding: discarding)
                if dropped > 0 { self.telemetry.update { $0.batchesDiscarded += UInt64(dropped) } }
            }
        }
        let committed = await self.committer.flush()
        guard discarding, self.producer.commitsPositions else { return committed }
        // The store alone knows which events such a producer has committed behind the position.
        let stored = await self.committer.stored()
        return stored?.position == committed?.position ? stored : committed
    }
}

// MARK: - Queue to producer

extension StreamDelivery {
    private func takeBatches() async {
        while let element = await self.queue.next() {
            switch element {
            case .batch(let batch): await self.deliver(batch)
            case .fence: await self.passFence()
            case .heldBack: await self.producer.settle(self.stream)
            }
        }
    }

    private func deliver(_ batch: NotificationBatch) async {
        guard !self.ledger.isBroken, !self.inbox.hasFailed else {
            // What follows a failed batch must not overtake it: the source sends it again.
            return self.discard(batch)
        }
        self.crashPoint(.afterReceiveBeforeProduce)
        let receivedAtMilliseconds = batch.receivedAtMilliseconds ?? self.clock.wallMilliseconds
        var mapped = self.mapper.map(batch, receivedAtMilliseconds: receivedAtMilliseconds)
        let refusals = self.treat(&mapped, of: batch)
        if !refusals.alone.isEmpty {
            // With nothing else of the stream under way, what is refused then is refused for its own sake.
            await self.everythingReported()
            guard !self.ledger.isBroken, self.ledger.outstanding == 0 else { return self.discard(batch) }
        }
        let progress = BatchProgress(batch, of: self.stream)
        let sequence = self.ledger.open(
            heldBytes: batch.heldBytes,
            checkpoint: progress.checkpoint,
            receivedAt: batch.receivedAt
        )
        self.noteHandedOver()
        self.eventCounts[sequence] = batch.events.count
        let held = self.queue.held
        let oldest = self.ledger.oldestReceivedAt
        self.telemetry.update {
            $0.eventsDeadLettered += UInt64(mapped.deadLetterCount)
            $0.eventsWithoutKey += UInt64(mapped.nullKeyCount)
            $0.eventsWithFallbackKey += UInt64(mapped.keyFallbackCount)
            $0.heldBytes = held.bytes
            $0.heldBatches = held.batches
            $0.oldestReceivedAt = oldest
        }
        // Without records it may still bring a position, or the end of a message that has some.
        let isNews = self.producer.commitsPositions && (progress.checkpoint != nil || progress.endsMessage)
        guard !mapped.records.isEmpty || isNews else {
            // An empty batch has nothing to wait for but those before it.
            await self.settleReports([DeliveryReport(sequence: sequence, outcome: .acknowledged)])
            return
        }
        let records = RecordBatch(
            sequence: sequence,
            bytes: refusals.bytes,
            routes: self.mapper.routes,
            records: mapped.records,
            progress: progress
        )
        if self.onRefused == .deadLetter { self.recordsInFlight[sequence] = records }
        if refusals.alone.isEmpty {
            await self.producer.produce(records, reportTo: self.inbox)
        } else {
            await self.produce(records, alone: refusals.alone)
        }
        self.crashPoint(.afterProduceBeforeAcknowledge)
    }

    private func discard(_ batch: NotificationBatch) {
        self.queue.release(bytes: batch.heldBytes, batches: 1)
        self.telemetry.update { $0.batchesDiscarded += 1 }
    }

    /// Everything before the fence is with the producer: wait for its reports, then let the waiting caller go on.
    private func passFence() async {
        await self.everythingReported()
        guard self.ledger.outstanding == 0 else { return }
        let unacknowledged = self.ledger.empty()
        self.queue.release(bytes: 0, batches: unacknowledged)
        if unacknowledged > 0 { self.telemetry.update { $0.isLeftToSource = true } }
        self.inbox.settled()
        self.refused.settled()
        self.noteHeld()
        if !self.settlers.isEmpty { self.settlers.removeFirst().resume() }
    }

    /// Waits until no batch is under way, or the task is cancelled. Nothing is handed over meanwhile.
    private func everythingReported() async {
        if self.ledger.outstanding > 0 { await self.producer.settle(self.stream) }
        while self.ledger.outstanding > 0, !Task.isCancelled { await self.ledgerSettled.wait() }
    }

    private func releaseSettlers() {
        let settlers = self.settlers
        self.settlers = []
        for settler in settlers { settler.resume() }
    }
}

// MARK: - Reports to ledger to committer

extension StreamDelivery {
    private func takeReports(onFailure: @Sendable (String) async -> Void) async {
        while true {
            let reports = await self.inbox.next()
            guard !reports.isEmpty else { return }
            if let failure = await self.settleReports(reports) { await onFailure(failure) }
        }
    }

    /// Enters the reports in the ledger. Returns why delivery failed, where it did.
    @discardableResult
    private func settleReports(_ reports: [DeliveryReport]) async -> String? {
        var failure: String?
        var checkpoint: Checkpoint?
        var (releasedBytes, releasedBatches, coveredBatches) = (0, 0, 0)
        var acknowledgedEvents = 0
        var failures: UInt64 = 0
        var latencies: [Duration] = []
        let now = self.clock.now
        for report in reports {
            let events = self.eventCounts.removeValue(forKey: report.sequence) ?? 0
            if let records = self.recordsInFlight.removeValue(forKey: report.sequence) {
                self.note(report.refusals, of: records)
            }
            switch report.outcome {
            case .acknowledged: acknowledgedEvents += events
            case .refused(let reason): failure = failure ?? "Kafka refuses a record: \(reason)"
            case .unknown(let reason): failure = failure ?? "delivery is uncertain: \(reason)"
            }
            if report.outcome != .acknowledged { failures += 1 }
            let settlement = self.ledger.report(report.sequence, acknowledged: report.outcome == .acknowledged)
            releasedBytes += settlement.releasedBytes
            releasedBatches += settlement.releasedBatches
            coveredBatches += settlement.coveredBatches
            checkpoint = settlement.checkpoint ?? checkpoint
            if events > 0 { latencies.append(settlement.receivedAt.duration(to: now)) }
        }
        self.queue.release(bytes: releasedBytes, batches: releasedBatches, uncommitted: coveredBatches)
        self.telemetry.update {
            $0.eventsAcknowledged += UInt64(acknowledgedEvents)
            $0.batchesAcknowledged += UInt64(releasedBatches)
            if releasedBatches > 0 { $0.isLeftToSource = false }
            $0.deliveryFailures += failures
            for latency in latencies { $0.acknowledgementLatency.record(latency) }
        }
        self.noteHeld()
        self.noteAnswer(outstanding: self.ledger.outstanding)
        if self.ledger.outstanding == 0 { self.ledgerSettled.signal() }
        if let checkpoint {
            self.crashPoint(.afterAcknowledgeBeforeCommit)
            await self.committer.advanced(to: checkpoint, batches: coveredBatches)
        }
        return failure
    }

    private func noteHeld() {
        let held = self.queue.held
        let oldest = self.ledger.oldestReceivedAt
        self.telemetry.update {
            $0.heldBytes = held.bytes
            $0.heldBatches = held.batches
            $0.oldestReceivedAt = oldest
        }
    }
}
