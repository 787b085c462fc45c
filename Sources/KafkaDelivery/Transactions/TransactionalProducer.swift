public import BridgeCore
internal import Locking
public import Logging
public import RDKafka

/// A tenant partition's way into Kafka where each event is to be there exactly once: the records of its streams and the positions that
/// cover them are written in one transaction after the other (KIP-98). What it acknowledges is committed.
///
/// - Receives: record batches from the deliveries of the partition's streams.
/// - Hands to: librdkafka, the records, and the checkpoint topic's records in front of each commit.
/// - Holds at most: what the streams' queues admitted.
public actor TransactionalProducer: RecordProducer {
    /// What it needs to know.
    public struct Settings: Sendable {
        /// The partition.
        public var partition: TenantPartition
        /// Its tenants.
        public var tenants: Set<String>
        /// librdkafka's properties, with the `transactional.id`.
        public var properties: KafkaConfiguration
        /// When a transaction is due.
        public var policy: TransactionPolicy
        /// A commit whose outcome is not known after this time is given up, and found out by reading.
        public var uncertainAfter: Duration

        /// How much of event ids goes into a checkpoint: its record must fit.
        var eventIDBytesMax: Int {
            let recordBytesMax = self.properties["message.max.bytes"].flatMap(Int.init) ?? 1_000_000
            return min(RecentEventIDs.bytesMax, recordBytesMax / 2)
        }

        /// See the properties.
        public init(
            partition: TenantPartition,
            tenants: Set<String>,
            properties: KafkaConfiguration,
            policy: TransactionPolicy,
            uncertainAfter: Duration = .seconds(15)
        ) {
            self.partition = partition
            self.tenants = tenants
            self.properties = properties
            self.policy = policy
            self.uncertainAfter = uncertainAfter
        }
    }

    /// See `RecordProducer`.
    public nonisolated var commitsPositions: Bool { true }

    /// By which the brokers know the partition's producers.
    public nonisolated var transactionalID: String { self.settings.properties["transactional.id"] ?? "" }

    let settings: Settings
    let clock: any BridgeClock
    let logger: Logger
    let inbox: TransactionInbox
    /// The store whose positions it writes; nil only before `start`.
    var store: KafkaCheckpointStore?
    var generation: ProducerGeneration
    var machine: TransactionMachine
    var entries: [TransactionEntry] = []
    /// The newest position of each stream that a transaction has committed.
    var committed: [StreamID: Checkpoint] = [:]
    /// The batch of a stream whose leading parts a commit has cut off from the others.
    private var cutBatches: [StreamID: UInt64] = [:]
    /// What the present transaction's commit writes of each stream; empty until a commit is tried.
    var attempted: [StreamID: CheckpointDocument] = [:]
    private var waiters: [ObjectIdentifier: Wakeup] = [:]
    var isClosed = false
    private nonisolated let published: Locked<TransactionSnapshot>

    private init(
        settings: Settings,
        clock: any BridgeClock,
        logger: Logger,
        inbox: TransactionInbox,
        generation: ProducerGeneration
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.inbox = inbox
        self.generation = generation
        self.machine = TransactionMachine(settings.policy)
        self.published = Locked(TransactionSnapshot(partition: settings.partition))
    }

    /// Makes the first producer: what is wrong with the brokers or this user's rights is known before anything is claimed.
    /// - Throws: what librdkafka refuses, or no answer of the brokers within `timeout`.
    public static func open(
        _ settings: Settings,
        timeout: Duration,
        clock: any BridgeClock,
        logger: Logger
    ) async throws(KafkaError) -> TransactionalProducer {
        var logger = logger
        logger[metadataKey: "tenantPartition"] = "\(settings.partition)"
        let inbox = TransactionInbox()
        let deadline = clock.now.advanced(by: timeout)
        let generation = try await Self.makeGeneration(
            settings,
            inbox: inbox,
            clock: clock,
            logger: logger,
            until: deadline,
            triesAgain: true
        )
        return TransactionalProducer(
            settings: settings,
            clock: clock,
            logger: logger,
            inbox: inbox,
            generation: generation
        )
    }

    /// Makes another producer, and fences every earlier one of the partition: call it when the tenants are claimed, and read the checkpoints
    /// behind it. Who was fenced before the claim may not have seen it, and have fenced us; who is fenced now finds it.
    /// - Throws: as `open`.
    public func fence(timeout: Duration) async throws(KafkaError) {
        await self.generation.producer.close(flushTimeout: .zero)
        self.generation = try await Self.makeGeneration(
            self.settings,
            inbox: self.inbox,
            clock: self.clock,
            logger: self.logger,
            until: self.clock.now.advanced(by: timeout),
            triesAgain: true
        )
    }

    /// Takes the store, which was read after `fence`.
    public func start(_ store: KafkaCheckpointStore) {
        self.store = store
    }

    /// What a person has to mend before records reach Kafka, for people; nil where nothing of the kind was met, or a batch was acknowledged
    /// since.
    public nonisolated var obstacle: String? { self.inbox.obstacle?.reason }

    /// What it has done and is doing.
    public nonisolated var snapshot: TransactionSnapshot { self.published.withLock(\.self) }

    /// Commits, aborts and recovers until cancelled or closed.
    public func run() async {
        while !Task.isCancelled, !self.isClosed {
            self.takeReports()
            self.noteFailure()
            if let fatal = self.inbox.takeFatal() { self.machine.uncertain(reason: "\(fatal)") }
            if let step = self.machine.next(now: self.clock.now) {
                await self.carryOut(step)
                self.publish { _ in }
                self.wakeWaiters()
            } else {
                await self.waitForChange(until: self.machine.nextDeadline)
            }
        }
    }

    /// Aborts what is open, reports it as unknown, and ends. `produce` then reports everything as unknown.
    public func close() async {
        self.isClosed = true
        self.wakeWaiters()
        self.inbox.changed.signal()
        // Readers need not wait for its time to be over. One call at a time: where one is under way, it is waited for below.
        if self.machine.beganAt != nil, !self.machine.isStepUnderWay {
            try? await self.generation.producer.abortTransaction(timeout: Self.callTimeout)
        }
        await self.generation.producer.close(flushTimeout: .zero)
        // A step that waits for reports goes on waiting for them.
        self.takeReports(awaitsMore: true)
        self.tellAborted(reason: Self.closedReason)
    }

    /// Makes the present producer fatal, for tests of what has to happen then.
    func makeFatalForTesting() {
        _ = self.generation.producer.triggerFatalErrorForTesting(.outOfOrderSequenceNumber, reason: "a test")
    }

    /// Nobody can end a call that is under way: this adds to the time of a stop.
    static let callTimeout = Duration.seconds(1)
    private static let closedReason = "the producer is closed"
}

// MARK: - Batches

extension TransactionalProducer {
    /// See `RecordProducer`.
    public func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        guard let progress = batch.progress else { preconditionFailure("a batch of no stream has no transaction") }
        func report(_ outcome: DeliveryReport.Outcome) {
            sink.receive(DeliveryReport(sequence: batch.sequence, outcome: outcome))
        }
        guard let begins = await self.admission(batch, progress, sink, report: report) else { return }
        if begins {
            self.inbox.transactionBegins()
            do {
                try self.generation.producer.beginTransaction()
            } catch {
                self.machine.uncertain(reason: "no transaction can begin: \(error)")
                self.machine.handedOver()
                self.machine.reported()
                self.inbox.changed.signal()
                return report(.unknown(reason: "\(error)"))
            }
            self.publish { _ in }
            self.inbox.changed.signal()
        }
        self.cutBatches[progress.stream] = nil
        self.entries.append(TransactionEntry(batch, progress, sink))
        await self.handOver(batch, entry: self.entries.count - 1)
        self.noteFailure()
        self.machine.handedOver()
        if self.machine.needsAttention(now: self.clock.now) { self.inbox.changed.signal() }
    }

    /// See `RecordProducer`. Ends the transaction that holds something of the stream.
    public func settle(_ stream: StreamID) async {
        self.machine.settle(stream)
        self.inbox.changed.signal()
    }

    /// Waits until the batch may belong to a transaction. Nil where it was reported instead.
    private func admission(
        _ batch: RecordBatch,
        _ progress: BatchProgress,
        _ sink: any DeliveryReportSink,
        report: (DeliveryReport.Outcome) -> Void
    ) async -> Bool? {
        while true {
            // What follows a failed batch is read again; the end of the process is no time to begin.
            if sink.hasFailed || self.isClosed || Task.isCancelled || !self.continues(batch, progress) {
                report(.unknown(reason: self.isClosed ? Self.closedReason : "a batch before it was not acknowledged"))
                return nil
            }
            if self.saysNothing(batch, progress) {
                report(.acknowledged)
                return nil
            }
            switch self.machine.admit(
                progress.stream,
                heldBytes: batch.bytes.count,
                endsMessage: progress.endsMessage && !batch.part.isLeading,
                now: self.clock.now
            ) {
            case .admitted(let begins):
                return begins
            case .refused(let reason):
                report(.unknown(reason: reason))
                return nil
            case .wait:
                if self.machine.needsAttention(now: self.clock.now) { self.inbox.changed.signal() }
                let wakeup = Wakeup()
                self.waiters[ObjectIdentifier(wakeup)] = wakeup
                await wakeup.wait()
                self.waiters[ObjectIdentifier(wakeup)] = nil
            }
        }
    }

    /// Whether the parts in front of this one are in the present transaction, or committed: where it was aborted, they are not written.
    private func continues(_ batch: RecordBatch, _ progress: BatchProgress) -> Bool {
        guard batch.part == .last || batch.part == .leading(isFirst: false) else { return true }
        if self.cutBatches[progress.stream] == batch.sequence { return true }
        return self.entries.contains { $0.sequence == batch.sequence && $0.progress.stream == progress.stream }
    }

    /// A quiet stream's empty batches say the same position again and again, or none: nothing to write.
    private func saysNothing(_ batch: RecordBatch, _ progress: BatchProgress) -> Bool {
        guard batch.records.isEmpty, !self.entries.contains(where: { $0.progress.stream == progress.stream }) else {
            return false
        }
        guard let position = progress.checkpoint?.position else { return true }
        return position == self.committed[progress.stream]?.position
    }

    private func handOver(_ batch: RecordBatch, entry: Int) async {
        let generation = self.generation
        let inFlight: KafkaInFlightBatch
        let routes: [ProducerGeneration.Route]
        do {
            routes = try generation.prepare(batch.routes)
            inFlight = try generation.producer.beginBatch(
                tag: batch.sequence,
                recordCount: batch.records.count,
                bytes: batch.bytes,
                failureLimit: batch.records.count,
                // The parts in front of others are told of at once, for they make room for them.
                sink: TransactionInbox.Slot(self.inbox, entry: entry, isUrgent: batch.part.isLeading)
            )
        } catch {
            let failure = KafkaRecordFailure(index: 0, status: .notPersisted, error: error)
            let count = batch.records.count
            self.inbox.recordFailed()
            return self.inbox.receive(
                KafkaBatchReport(tag: batch.sequence, persistedCount: 0, notPersistedCount: count, failures: [failure]),
                of: entry,
                isUrgent: true
            )
        }
        while generation.producer.produce(inFlight, describe: { batch.descriptor(at: $0, routes) }) == .queueFull {
            await generation.producer.waitForRoom()
            if self.inbox.isFailing || self.machine.isFailed || Task.isCancelled {
                self.inbox.recordFailed()
                return generation.producer.giveUpRest(of: inFlight, reason: "its transaction is aborted")
            }
        }
    }
}

// MARK: - Reports

extension TransactionalProducer {
    /// Enters what the producer's thread has left.
    /// - Parameter awaitsMore: `waitForChange` ends with the next report.
    func takeReports(awaitsMore: Bool = false) {
        for (index, report) in self.inbox.takeReports(awaitsMore: awaitsMore) {
            self.machine.reported()
            guard index < self.entries.count else {
                // The positions' own records.
                if report.status != .persisted { self.machine.failed(reason: "a position was not written") }
                continue
            }
            self.entries[index].report = report
            if report.status == .persisted {
                if self.entries[index].part.isLeading { self.entries[index].tell(.acknowledged) }
            } else {
                let error = report.firstFailure?.error.description ?? "no report came"
                self.machine.failed(reason: "a record was not written, \(error)")
            }
        }
    }

    /// A record that was not written needs no report to fail the transaction.
    private func noteFailure() {
        if self.inbox.isFailing { self.machine.failed(reason: Self.failureReason) }
    }

    static let failureReason = "a record was not written"

    /// Waits until nothing of the transaction is with the producer any more. False where that did not come about `within` so long.
    func everythingReported(within duration: Duration?) async -> Bool {
        let giveUpAt = duration.map { self.clock.now.advanced(by: $0) }
        self.takeReports(awaitsMore: true)
        while self.machine.hasUnreported {
            // A cancelled task does not wait: the producer's end reports what is left.
            if Task.isCancelled { return false }
            if let giveUpAt, self.clock.now >= giveUpAt { return false }
            await self.waitForChange(until: giveUpAt)
            self.takeReports(awaitsMore: true)
        }
        return true
    }

    /// - Parameter isRead: the topic says so, not the producer.
    func tellCommitted(isRead: Bool) {
        for index in self.entries.indices {
            let entry = self.entries[index]
            self.cutBatches[entry.progress.stream] = entry.part.isLeading ? entry.sequence : nil
            if isRead { self.entries[index].tell(.acknowledged) } else { self.entries[index].tellCommitted() }
        }
        self.entries = []
    }

    func tellAborted(reason: String) {
        for index in self.entries.indices { self.entries[index].tellAborted(reason: reason) }
        self.entries = []
        self.cutBatches = [:]
    }

    func waitForChange(until deadline: Instant?) async {
        let clock = self.clock
        guard let deadline else { return await self.inbox.changed.wait() }
        await self.inbox.changed.wait(orFor: { try await clock.sleep(until: deadline) })
    }

    private func wakeWaiters() {
        for wakeup in self.waiters.values { wakeup.signal() }
    }

    /// Counts, and lets others see.
    func publish(_ change: (inout TransactionSnapshot) -> Void) {
        let (openSince, splitMessages) = (self.machine.beganAt, UInt64(self.machine.splitMessages))
        var snapshot = self.snapshot
        change(&snapshot)
        snapshot.openSince = openSince
        snapshot.splitMessages = splitMessages
        self.published.withLock { [snapshot] in $0 = snapshot }
    }
}
