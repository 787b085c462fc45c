import BridgeCore

/// One life of the process: from a start that reads the durable checkpoints to its end, chosen or not.
final class BridgeProcess {
    unowned(unsafe) let world: World
    private(set) var isAlive = true
    private(set) var diedBeforeRename = false
    private(set) var streams: [StreamDriver] = []
    private(set) lazy var gate = GateDriver(self)
    private(set) lazy var kafka = KafkaModel(self)
    private var stoppedAt: Nanoseconds?
    private var finishedCount = 0

    init(_ world: World) {
        self.world = world
        world.counts.processes += 1
        self.streams = world.upstream.tenants.map { StreamDriver(self, $0) }
    }

    func start() {
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
        self.world.restart()
    }

    func die() {
        guard self.isAlive else { return }
        self.world.trace { "the process dies" }
        self.isAlive = false
        self.kafka.abandon()
        for stream in self.streams { stream.abandon() }
    }

    /// A graceful stop within the budget, then the next life.
    func stop() {
        guard self.isAlive, self.stoppedAt == nil else { return }
        self.stoppedAt = self.world.now
        self.world.trace { "stopping" }
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
