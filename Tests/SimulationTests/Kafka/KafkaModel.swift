import BridgeCore

/// One process's producer and what the cluster has of it. Idempotent: a partition takes records in the order of `produce`, and once one
/// has failed, none behind it until all of them are reported.
final class KafkaModel: ProducerModel {
    unowned(unsafe) let world: World
    unowned(unsafe) let process: BridgeProcess
    private var partitions: [Partition]
    private var recordCount = 0
    private var waiting: [(batch: ProducedBatch, inbox: ReportInbox, done: () -> Void)] = []
    private var isReplacing = false
    /// Takes a record into a transaction, where there are some; false where the producer is not let in any more.
    private let takesIntoTransaction: ((RecordInFlight) -> Bool)?
    /// Hears that the producer can do nothing more, where nobody here makes a new one.
    private let onFatal: (() -> Void)?

    enum Failure { case unknown, refused }

    private struct Partition {
        var queue: [RecordInFlight] = []
        var isBusy = false
        /// Counts producers: what an older one was doing has no effect any more.
        var generation = 0
    }

    init(
        _ process: BridgeProcess,
        takesIntoTransaction: ((RecordInFlight) -> Bool)? = nil,
        onFatal: (() -> Void)? = nil
    ) {
        self.world = process.world
        self.process = process
        self.takesIntoTransaction = takesIntoTransaction
        self.onFatal = onFatal
        self.partitions = Array(
            repeating: Partition(),
            count: process.world.plan.partitionCount * process.world.plan.tenantCount
        )
    }

    var commitsPositions: Bool { false }

    func settle(tenant: Int) {}

    func produce(_ batch: ProducedBatch, to inbox: ReportInbox, done: @escaping () -> Void) {
        let count = batch.contents.count
        guard !self.isReplacing, self.recordCount == 0 || self.recordCount + count <= self.world.plan.producerRecordsMax
        else {
            self.waiting.append((batch, inbox, done))
            return
        }
        let sequence = batch.batch.sequence
        guard !inbox.hasFailed else {
            inbox.receive(DeliveryReport(sequence: sequence, outcome: .unknown(reason: "one before it failed")))
            return done()
        }
        guard count > 0 else {
            inbox.receive(DeliveryReport(sequence: sequence, outcome: .acknowledged))
            return done()
        }
        self.recordCount += count
        let inFlight = BatchInFlight(sequence: sequence, recordCount: count, inbox: inbox)
        var touched: [Int] = []
        for (index, content) in batch.contents.enumerated() {
            let record = RecordInFlight(tenant: batch.tenant, content: content, index: index, batch: inFlight)
            let partition = self.partition(of: record)
            self.partitions[partition].queue.append(record)
            if !touched.contains(partition) { touched.append(partition) }
        }
        for partition in touched { self.pump(partition) }
        if self.world.isFatalArmed { self.becomeFatal() }
        done()
    }

    private func partition(of record: RecordInFlight) -> Int {
        let count = self.world.plan.partitionCount
        switch record.content {
        case .event(_, let key): return record.tenant * count + Int(key) % count
        case .gap, .deadLetter, .position: return record.tenant * count
        }
    }

    private func pump(_ index: Int) {
        guard !self.partitions[index].isBusy, !self.partitions[index].queue.isEmpty else { return }
        self.partitions[index].isBusy = true
        let generation = self.partitions[index].generation
        self.world.after(self.world.draw(1...25) * .millisecond) { self.request(index, generation) }
    }

    private func request(_ index: Int, _ generation: Int) {
        guard self.process.isAlive, self.partitions[index].generation == generation else { return }
        if self.world.now < self.world.kafkaAwayUntil {
            self.world.fire(.kafkaAway)
            self.world.after(self.world.kafkaAwayUntil - self.world.now + self.world.latency()) {
                self.request(index, generation)
            }
            return
        }
        self.partitions[index].isBusy = false
        let count = min(self.partitions[index].queue.count, Int(self.world.draw(1...40)))
        let records = Array(self.partitions[index].queue[..<count])
        if !self.world.kafkaFailures.isEmpty {
            self.fail(index, records, self.world.kafkaFailures.removeFirst())
        } else if self.isRefusedForGood(records) {
            self.refuse(index, from: 0, count: count)
        } else {
            self.partitions[index].queue.removeFirst(count)
            guard records.allSatisfy(self.persist) else {
                self.report(records, .unknown(reason: "fenced"))
                self.onFatal?()
                return
            }
            self.report(records, nil)
        }
        self.pump(index)
        self.makeRoom()
    }

    /// Some of `records` are there, the others are not, and what is behind them is not either.
    private func fail(_ index: Int, _ records: [RecordInFlight], _ failure: Failure) {
        let persisted = Int(self.world.draw(0...Int64(records.count)))
        self.arrive(records[..<persisted])
        switch failure {
        case .unknown:
            self.world.fire(.kafkaUnknown)
            let all = self.partitions[index].queue
            self.partitions[index].queue = []
            self.report(all, .unknown(reason: "timed out"))
        case .refused:
            self.world.fire(.kafkaRefused)
            guard !self.isRefusedForGood(records) else { return self.refuse(index, from: 0, count: records.count) }
            self.refuse(index, from: persisted, count: records.count)
        }
    }

    /// Whether one of `records` is refused whenever it comes.
    private func isRefusedForGood(_ records: [RecordInFlight]) -> Bool {
        var isRefused = false
        for case (let tenant, .event(let sequence, _)) in records.map({ ($0.tenant, $0.content) }) {
            let tenant = self.world.upstream.tenants[tenant]
            guard tenant.log[sequence].isTooLarge else { continue }
            if !tenant.log[sequence].isRefused { self.world.fire(.recordTooLarge) }
            tenant.log[sequence].isRefused = true
            isRefused = true
        }
        return isRefused
    }

    /// The request with the first `count` records is refused; those before `first` were in one that is acknowledged.
    private func refuse(_ index: Int, from first: Int, count: Int) {
        let all = self.partitions[index].queue
        self.partitions[index].queue = []
        self.report(Array(all[..<first]), nil)
        self.report(Array(all[first..<count]), .refused(reason: "too large"))
        self.report(Array(all[count...]), .unknown(reason: "purged"))
    }

    private func persist(_ record: RecordInFlight) -> Bool {
        if let takesIntoTransaction { return takesIntoTransaction(record) }
        let truth = self.world.upstream.tenants[record.tenant].truth
        switch record.content {
        case .event(let sequence, let key): truth.persisted(sequence, key: key)
        case .gap, .deadLetter, .position: break
        }
        return true
    }

    /// Reports records: acknowledged where there is no `outcome`.
    private func report(_ records: [RecordInFlight], _ outcome: DeliveryReport.Outcome?) {
        self.recordCount -= records.count
        for record in records {
            if outcome == nil, self.takesIntoTransaction == nil { self.acknowledge(record) }
            if let outcome, record.batch.outcome == .acknowledged { record.batch.outcome = outcome }
            if case .refused(let reason)? = outcome {
                record.batch.outcome = .refused(reason: reason)
                record.batch.refusals.append(
                    RecordRefusal(index: record.index, extent: .request, reason: reason, isTooLarge: true)
                )
            }
            if outcome != nil, self.world.plan.failureIsSeenAtOnce { record.batch.inbox.isFailing() }
            record.batch.unreported -= 1
            guard record.batch.unreported == 0 else { continue }
            // The thread that reports is the producer's: each report is seen at once, and taken later.
            record.batch.inbox.receive(
                DeliveryReport(
                    sequence: record.batch.sequence,
                    outcome: record.batch.outcome,
                    refusals: record.batch.refusals
                )
            )
        }
    }

    private func acknowledge(_ record: RecordInFlight) {
        let truth = self.world.upstream.tenants[record.tenant].truth
        switch record.content {
        case .event(let sequence, _): truth.acknowledged(sequence)
        case .gap(let gap): truth.gapRecorded(gap)
        case .deadLetter(let sequences): truth.deadLettered(sequences)
        case .position: break
        }
    }

    private func makeRoom() {
        guard !self.waiting.isEmpty else { return }
        let waiting = self.waiting
        self.waiting = []
        for call in waiting { self.produce(call.batch, to: call.inbox, done: call.done) }
    }

    // MARK: - Faults

    /// The producer can do nothing more: what it had is reported as unknown, then there is a new one.
    private func becomeFatal() {
        guard !self.isReplacing else { return }
        self.world.isFatalArmed = false
        self.world.fire(.kafkaFatal)
        if let onFatal { return onFatal() }
        self.isReplacing = true
        self.world.after(self.world.draw(10...2_000) * .millisecond) {
            guard self.process.isAlive else { return }
            self.purge()
            self.isReplacing = false
            self.makeRoom()
        }
    }

    /// Reports everything that it has as unknown.
    func purge() {
        for index in self.partitions.indices {
            self.partitions[index].generation += 1
            self.partitions[index].isBusy = false
            let records = self.partitions[index].queue
            self.partitions[index].queue = []
            // Whatever was in flight may have arrived, up to some record.
            self.arrive(self.prefix(of: records))
            self.report(records, .unknown(reason: "the producer is fatal"))
        }
        // What waits for room is given up.
        guard self.takesIntoTransaction != nil else { return }
        let waiting = self.waiting
        self.waiting = []
        for call in waiting {
            call.inbox.isFailing()
            let outcome = DeliveryReport.Outcome.unknown(reason: "its transaction is aborted")
            call.inbox.receive(DeliveryReport(sequence: call.batch.batch.sequence, outcome: outcome))
            call.done()
        }
    }

    private func prefix(of records: [RecordInFlight]) -> ArraySlice<RecordInFlight> {
        records[..<Int(self.world.draw(0...Int64(records.count)))]
    }

    private func arrive(_ records: ArraySlice<RecordInFlight>) {
        for record in records {
            guard !self.isRefusedForGood([record]), self.persist(record) else { break }
        }
    }

    /// The process is gone: some of what was on its way arrives, and nobody hears of it.
    func abandon() {
        for partition in self.partitions { self.arrive(self.prefix(of: partition.queue)) }
    }
}
