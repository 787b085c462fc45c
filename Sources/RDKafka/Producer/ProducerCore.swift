internal import Locking
internal import Synchronization

/// The part of a producer that outlives it: the poll thread holds it until the last batch is reported.
///
/// *Receives* delivery reports, errors and log lines from librdkafka. *Hands to* each batch's sink, the handlers, and
/// whoever waits for room. *Holds at most* the batches that have begun.
final class ProducerCore: Sendable {
    struct Handlers: Sendable {
        let onFatal: @Sendable (KafkaError) -> Void
        let onError: @Sendable (KafkaError) -> Void
        let onLog: @Sendable (KafkaLogLine) -> Void
    }

    let cell: ProducerHandleCell
    let room = RoomWaiters()
    /// Opens when the handle is destroyed and every batch has been reported.
    let finished = Latch()

    private let handlers: Handlers
    private let batches = InFlightTable()
    private let unreportedRecordCount = Atomic(0)
    /// Batches that are complete without a last report from librdkafka: their last record was refused, or they
    /// have none.
    private let withoutReport = Locked<[UInt32]>([])
    private let isStopping = Locked(false)
    private let hasMetFatal = Atomic(false)
    private let hasPersistedRecords = Atomic(false)
    private let obstacle = Locked<KafkaError?>(nil)
    /// Spares the lock where records flow.
    private let hasObstacle = Atomic(false)

    /// An event ends each poll at once; this is only how often an idle thread looks around.
    private static let pollMilliseconds: Int32 = 1000
    /// How long a purge may take to report what it purged, in polls.
    private static let purgePollCountMax = 10

    init(configuration: KafkaConfiguration, handlers: Handlers) throws(KafkaError) {
        self.cell = try ProducerHandleCell(configuration)
        self.handlers = handlers
    }

    /// Records handed to librdkafka whose report has not reached their batch.
    var outstandingRecordCount: Int { max(self.unreportedRecordCount.load(ordering: .acquiring), 0) }

    var isFatal: Bool { self.hasMetFatal.load(ordering: .acquiring) }

    var hasPersisted: Bool { self.hasPersistedRecords.load(ordering: .acquiring) }

    var lastObstacle: KafkaError? { self.obstacle.withLock(\.self) }

    // MARK: on the callers' threads

    /// Makes a batch and keeps it until it is complete.
    func begin(
        with handle: borrowing ProducerHandle,
        _ makeBatch: (_ slot: UInt32) -> KafkaInFlightBatch
    ) -> KafkaInFlightBatch {
        let batch = self.batches.insert(makeBatch)
        if batch.recordCount == 0 { self.completeOnPollThread(batch, with: handle) }
        return batch
    }

    func produce(
        _ batch: KafkaInFlightBatch,
        with handle: borrowing ProducerHandle,
        describe: (Int) -> KafkaRecordDescriptor
    ) -> KafkaProduceResult {
        guard let (first, bytes) = batch.beginProducing() else { return .complete }
        var isComplete = false
        let refuse = { (index: Int, error: KafkaError) in
            if batch.failed(index, status: .notPersisted, error: error) { isComplete = true }
        }
        var next = first
        while next < batch.recordCount {
            let wasEmpty = handle.queueLength == 0
            let (stop, handedOverCount) = handle.produce(
                next..<batch.recordCount,
                slot: batch.slot,
                bytes: bytes,
                describe: describe,
                refuse: refuse
            )
            self.unreportedRecordCount.add(handedOverCount, ordering: .acquiringAndReleasing)
            let isStuck = wasEmpty && stop == next && stop < batch.recordCount && handle.queueLength == 0
            next = stop
            guard isStuck else { break }
            // Room will never come: the queue was empty before and after.
            refuse(next, .neverFits)
            next += 1
        }
        batch.endProducing(next: next)
        if isComplete { self.completeOnPollThread(batch, with: handle) }
        return next < batch.recordCount ? .queueFull : .complete
    }

    func refuseRemainder(of batch: KafkaInFlightBatch, _ error: KafkaError, with handle: borrowing ProducerHandle) {
        if batch.refuseRemainder(error) { self.completeOnPollThread(batch, with: handle) }
    }

    /// Sinks are called by the poll thread alone.
    private func completeOnPollThread(_ batch: KafkaInFlightBatch, with handle: borrowing ProducerHandle) {
        self.withoutReport.withLock { $0.append(batch.slot) }
        handle.wake()
    }

    /// Lets the poll thread end. Call it once, when nobody uses the handle any more.
    func stop() {
        // Under the lock: a thread that sees the flag may destroy the handle, so the wake-up must be over by then.
        self.isStopping.withLock { isStopping in
            isStopping = true
            self.cell.ownerCall { $0.wake() }
        }
    }

    // MARK: on the poll thread

    /// Serves events until `stop`, then reports whatever is left and destroys the handle.
    func run() {
        while !self.isStopping.withLock(\.self) {
            _ = self.serve()
        }
        self.room.close()
        var emptyPollCount = 0
        while self.outstandingRecordCount > 0, emptyPollCount < Self.purgePollCountMax {
            self.cell.ownerCall { $0.purge() }
            if self.serve() == 0 { emptyPollCount += 1 }
        }
        self.completeWithoutReport()
        for batch in self.batches.all where batch.refuseRemainder(.closed) {
            self.complete(batch)
        }
        self.cell.destroy()
        for batch in self.batches.all {
            batch.giveUp(KafkaError(code: .destroyed, reason: "librdkafka ended without a report of the record"))
            self.complete(batch)
        }
        self.finished.open()
    }

    /// Waits for one event; the number of records it reported.
    private func serve() -> Int {
        let count = self.cell.ownerCall { $0.serveEvent(timeoutMilliseconds: Self.pollMilliseconds, visitor: self) }
        if count > 0 { self.room.wakeAll() }
        self.completeWithoutReport()
        return count
    }

    private func completeWithoutReport() {
        let slots = self.withoutReport.withLock { slots in
            defer { if !slots.isEmpty { slots = [] } }
            return slots
        }
        for slot in slots { self.complete(self.batches.batch(at: slot)) }
    }

    private func complete(_ batch: KafkaInFlightBatch) {
        self.batches.remove(batch.slot)
        if let (report, sink) = batch.complete() { sink.batchCompleted(report) }
    }
}

extension ProducerCore: ProducerEventVisitor {
    func persisted(slot: UInt32, count: Int) {
        self.hasPersistedRecords.store(true, ordering: .releasing)
        if self.hasObstacle.load(ordering: .relaxed) {
            self.hasObstacle.store(false, ordering: .relaxed)
            self.obstacle.withLock { $0 = nil }
        }
        let batch = self.batches.batch(at: slot)
        if batch.persisted(count) { self.complete(batch) }
    }

    func failed(slot: UInt32, index: Int, status: KafkaDeliveryStatus, code: KafkaErrorCode) {
        let batch = self.batches.batch(at: slot)
        if batch.failed(index, status: status, error: KafkaError(code: code)) { self.complete(batch) }
    }

    func reported(count: Int) {
        self.unreportedRecordCount.subtract(count, ordering: .acquiringAndReleasing)
    }

    func error(_ error: KafkaError) {
        if error.code.action == .configuration {
            self.obstacle.withLock { $0 = error }
            self.hasObstacle.store(true, ordering: .relaxed)
        }
        guard error.isFatal else { return self.handlers.onError(error) }
        let isFirst = !self.hasMetFatal.exchange(true, ordering: .acquiringAndReleasing)
        if isFirst { self.handlers.onFatal(error) }
    }

    func log(_ line: KafkaLogLine) {
        self.handlers.onLog(line)
    }
}

extension KafkaError {
    fileprivate static let neverFits = KafkaError(
        code: .queueFull,
        reason: "the record does not fit into the empty queue: queue.buffering.max.kbytes is smaller than the record",
        action: .permanentForRecord
    )
}
