import BridgeCore

/// One life of the process: from a start that reads the durable checkpoints to its end, chosen or not.
final class BridgeProcess {
    unowned(unsafe) let world: World
    private(set) var isAlive = true
    private(set) var diedBeforeRename = false
    private(set) var streams: [StreamDriver] = []
    private(set) lazy var gate = GateDriver(self)
    private(set) lazy var kafka = KafkaModel(self)
    /// Which life it is: the later one owns what both claim.
    let number: Int
    /// Where each tenant is resumed.
    private(set) var loaded: [Checkpoint?] = []
    private(set) var transactions: [TransactionDriver] = []
    /// Whether another one has taken over.
    var isSuperseded = false
    private var stoppedAt: Nanoseconds?
    private var finishedCount = 0

    init(_ world: World) {
        self.world = world
        world.counts.processes += 1
        self.number = world.counts.processes
        guard world.plan.isExactlyOnce else { return }
        let tenants = Array(world.upstream.tenants.indices)
        let partitions = world.plan.sharesTransactions ? [tenants] : tenants.map { [$0] }
        self.transactions = partitions.enumerated().map { TransactionDriver(self, id: $0.offset, tenants: $0.element) }
    }

    var isExactlyOnce: Bool { self.world.plan.isExactlyOnce }

    func producer(of tenant: Int) -> any ProducerModel {
        self.transactions.first { $0.tenants.contains(tenant) } ?? self.kafka
    }

    func start() {
        guard self.isExactlyOnce else { return self.startStreams() }
        var left = self.transactions.count
        for transaction in self.transactions {
            self.after(self.world.hop()) {
                transaction.start {
                    left -= 1
                    if left == 0 { self.startStreams() }
                }
            }
        }
    }

    private func startStreams() {
        self.loaded = self.world.store.durable
        self.streams = self.world.upstream.tenants.map { StreamDriver(self, $0) }
        for stream in self.streams { self.after(self.world.hop()) { stream.start() } }
    }

    /// Plans `body`, which a dead process does not do.
    func after(_ delay: Nanoseconds, _ body: @escaping () -> Void) {
        self.world.after(delay) { if self.isAlive { body() } }
    }

    // MARK: - Ends

    /// A named place; the world may have chosen it for a crash.
    func reach(_ point: CrashPoint, hasRecords: Bool = true) {
        guard self.isAlive, hasRecords, self.world.armedCrash == point else { return }
        self.world.armedCrash = nil
        self.world.fire(point.fault)
        self.diedBeforeRename = point == .afterCheckpointWriteBeforeRename
        self.die()
        if !self.isSuperseded { self.world.restart() }
    }

    /// A named place in the life of a transaction. Returns whether the process ended there.
    func reach(_ point: FaultKind) -> Bool {
        guard self.isAlive, self.world.armedTransactionCrash == point else { return false }
        self.world.armedTransactionCrash = nil
        self.world.fire(point)
        self.die()
        if !self.isSuperseded { self.world.restart() }
        return true
    }

    /// Another instance has the tenants: their streams are parked.
    func partitionLost() {
        self.world.expect(self.isSuperseded, "one-owner") { "a partition is lost to nobody" }
        if self.transactions.allSatisfy(\.isLost) { self.die() }
    }

    func die() {
        guard self.isAlive else { return }
        self.world.trace { "the process dies" }
        self.isAlive = false
        if !self.isExactlyOnce { self.kafka.abandon() }
        for transaction in self.transactions { transaction.abandon() }
        for stream in self.streams { stream.abandon() }
    }

    /// A graceful stop within the budget, then the next life.
    func stop() {
        guard self.isAlive, self.stoppedAt == nil else { return }
        self.stoppedAt = self.world.now
        self.world.trace { "stopping" }
        guard !self.streams.isEmpty else {
            self.die()
            return self.world.restart()
        }
        for stream in self.streams { stream.stop() }
        self.after(self.world.plan.stopBudget) {
            self.world.expect(self.world.isHindered(since: self.stoppedAt ?? 0), "bounded-stop") {
                "nothing hinders it, and the budget is spent: \(self.streams.map(\.machine.status.name))"
            }
            self.die()
            self.world.restart()
        }
    }

    var isStopping: Bool { self.stoppedAt != nil }

    /// Nobody can tell the outcome of a commit any sooner.
    static let uncertainAfter = 15 * Nanoseconds.second

    /// A stream's session is over: everything that it handed on is acknowledged and committed.
    func finished(_ stream: StreamDriver) {
        self.world.expect(stream.isStopped && self.isStopping, "bounded-stop") { "a session ended that nobody stopped" }
        self.world.expect(stream.delivery.isEmpty && stream.committer.schedule.isSettled, "bounded-stop") {
            "a session ended with something in flight"
        }
        self.finishedCount += 1
        guard self.finishedCount == self.streams.count else { return }
        self.after(self.world.hop()) {
            self.die()
            self.world.restart()
        }
    }

    // MARK: - Checks

    func checkAfterStep() {
        guard self.isAlive else { return }
        for stream in self.streams { stream.checkAfterStep() }
    }
}

extension CrashPoint {
    var fault: FaultKind {
        switch self {
        case .afterReceiveBeforeProduce: .crashAfterReceive
        case .afterProduceBeforeAcknowledge: .crashAfterProduce
        case .afterAcknowledgeBeforeCommit: .crashAfterAcknowledge
        case .afterCheckpointWriteBeforeRename: .crashBeforeRename
        case .afterCheckpointRenameBeforeSync: .crashBeforeSync
        }
    }
}
