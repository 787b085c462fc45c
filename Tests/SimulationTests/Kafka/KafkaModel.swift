import BridgeCore

/// One process's producer and what the cluster has of it. Idempotent: a partition takes records in the order of `produce`, and once one
/// has failed, none behind it until all of them are reported.
final class KafkaModel {
    unowned(unsafe) let world: World
    unowned(unsafe) let process: BridgeProcess
    private var partitions: [Partition]
    private var recordCount = 0
    private var waiting: [(records: [RecordInFlight], inbox: ReportInbox, sequence: UInt64, done: () -> Void)] = []
    private var isReplacing = false

    enum Failure { case unknown, refused }

    private struct Partition {
        var queue: [RecordInFlight] = []
        var isBusy = false
        /// Counts producers: what an older one was doing has no effect any more.
        var generation = 0
    }

    init(_ process: BridgeProcess) {
        self.world = process.world
        self.process = process
        self.partitions = Array(
            repeating: Partition(),
            count: process.world.plan.partitionCount * process.world.plan.tenantCount
        )
    }

    var isIdle: Bool { self.recordCount == 0 }

    /// Enqueues the records, waiting for room; `done` when the call returns.
    func produce(_ sequence: UInt64, _ records: [RecordInFlight], to inbox: ReportInbox, done: @escaping () -> Void) {
        guard !self.isReplacing,
            self.recordCount == 0 || self.recordCount + records.count <= self.world.plan.producerRecordsMax
        else {
            self.waiting.append((records, inbox, sequence, done))
            return
        }
        guard !inbox.hasFailed else {
            inbox.receive(DeliveryReport(sequence: sequence, outcome: .unknown(reason: "one before it failed")))
            return done()
        }
        self.recordCount += records.count
        var touched: [Int] = []
        for record in records {
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
        case .gap, .deadLetter: return record.tenant * count
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
        } else {
            self.partitions[index].queue.removeFirst(count)
            for record in records { self.persist(record) }
            self.report(records, nil)
        }
        self.pump(index)
        self.makeRoom()
    }

    /// Some of `records` are there, the others are not, and what is behind them is not either.
    private func fail(_ index: Int, _ records: [RecordInFlight], _ failure: Failure) {
        let persisted = Int(self.world.draw(0...Int64(records.count)))
        for record in records[..<persisted] { self.persist(record) }
        let all = self.partitions[index].queue
        self.partitions[index].queue = []
        switch failure {
        case .unknown:
            self.world.fire(.kafkaUnknown)
            self.report(all, .unknown(reason: "timed out"))
        case .refused:
            self.world.fire(.kafkaRefused)
            self.report(Array(all[..<persisted]), nil)
            let refused = persisted < all.count ? all[persisted...] : all[..<0]
            self.report(Array(refused), .refused(reason: "too large"))
        }
    }

    private func persist(_ record: RecordInFlight) {
        let truth = self.world.upstream.tenants[record.tenant].truth
        switch record.content {
        case .event(let sequence, let key): truth.persisted(sequence, key: key)
        case .gap, .deadLetter: break
        }
    }

    /// Reports records: acknowledged where there is no `outcome`.
    private func report(_ records: [RecordInFlight], _ outcome: DeliveryReport.Outcome?) {
        self.recordCount -= records.count
        for record in records {
            if outcome == nil { self.acknowledge(record) }
            if let outcome, record.batch.outcome == .acknowledged { record.batch.outcome = outcome }
            if outcome != nil, self.world.plan.failureIsSeenAtOnce { record.batch.inbox.isFailing() }
            record.batch.unreported -= 1
            guard record.batch.unreported == 0 else { continue }
            // The thread that reports is the producer's: each report is seen at once, and taken later.
            record.batch.inbox.receive(DeliveryReport(sequence: record.batch.sequence, outcome: record.batch.outcome))
        }
    }

    private func acknowledge(_ record: RecordInFlight) {
        let truth = self.world.upstream.tenants[record.tenant].truth
        switch record.content {
        case .event(let sequence, _): truth.acknowledged(sequence)
        case .gap(let gap): truth.gapRecorded(gap)
        case .deadLetter(let sequences): truth.deadLettered(sequences)
        }
    }

    private func makeRoom() {
        guard !self.waiting.isEmpty else { return }
        let waiting = self.waiting
        self.waiting = []
        for call in waiting {
            self.produce(call.sequence, call.records, to: call.inbox, done: call.done)
        }
    }

    // MARK: - Faults

    /// The producer can do nothing more: what it had is reported as unknown, then there is a new one.
    private func becomeFatal() {
        guard !self.isReplacing else { return }
        self.world.isFatalArmed = false
        self.world.fire(.kafkaFatal)
        self.isReplacing = true
        self.world.after(self.world.draw(10...2_000) * .millisecond) {
            guard self.process.isAlive else { return }
            for index in self.partitions.indices {
                self.partitions[index].generation += 1
                self.partitions[index].isBusy = false
                let records = self.partitions[index].queue
                self.partitions[index].queue = []
                // Whatever was in flight may have arrived, up to some record.
                for record in records[..<Int(self.world.draw(0...Int64(records.count)))] { self.persist(record) }
                self.report(records, .unknown(reason: "the producer is fatal"))
            }
            self.isReplacing = false
            self.makeRoom()
        }
    }

    /// The process is gone: some of what was on its way arrives, and nobody hears of it.
    func abandon() {
        for index in self.partitions.indices {
            let records = self.partitions[index].queue
            for record in records[..<Int(self.world.draw(0...Int64(records.count)))] { self.persist(record) }
        }
    }
}
