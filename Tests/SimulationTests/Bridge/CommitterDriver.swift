import BridgeCore

/// What `CheckpointCommitter` does.
final class CommitterDriver {
    unowned(unsafe) let process: BridgeProcess
    let tenant: TenantUpstream
    private(set) var schedule: CommitSchedule
    private let queue: QueueDriver
    private var flushers: [(Checkpoint?) -> Void] = []
    private var isWriting = false
    private var wakeups = 0

    init(_ process: BridgeProcess, _ tenant: TenantUpstream, _ queue: QueueDriver, committed: Checkpoint?) {
        self.process = process
        self.tenant = tenant
        self.queue = queue
        var policy = process.world.plan.commit
        policy.batches = min(policy.batches, process.world.plan.queueBatches)
        self.schedule = CommitSchedule(policy, committed: committed)
    }

    private var world: World { self.process.world }

    /// The last position that was safe.
    private(set) var newest: Checkpoint?

    func advanced(to checkpoint: Checkpoint, batches: Int) {
        self.newest = checkpoint
        let before = self.schedule.nextDeadline
        let unchanged = self.schedule.advanced(to: checkpoint, batches: batches, now: self.world.instant)
        self.queue.committed(batches: unchanged)
        if before == nil || self.schedule.isBatchFull { self.wake() }
    }

    func flush(_ done: @escaping (Checkpoint?) -> Void) {
        guard !self.schedule.isSettled else { return done(self.schedule.committed) }
        self.flushers.append(done)
        self.wake()
    }

    private func wake() {
        self.wakeups += 1
        let wakeup = self.wakeups
        self.process.after(self.world.hop()) { if wakeup == self.wakeups { self.run() } }
    }

    private func run() {
        while !self.isWriting {
            if let checkpoint = self.schedule.nextWrite(now: self.world.instant, force: !self.flushers.isEmpty) {
                return self.write(checkpoint)
            }
            guard self.schedule.isSettled, !self.flushers.isEmpty else { break }
            let flushers = self.flushers
            self.flushers = []
            for flusher in flushers { flusher(self.schedule.committed) }
        }
        guard !self.isWriting, let deadline = self.schedule.nextDeadline else { return }
        self.wakeups += 1
        let wakeup = self.wakeups
        self.process.after(deadline.nanoseconds - self.world.now) { if wakeup == self.wakeups { self.run() } }
    }

    private func write(_ checkpoint: Checkpoint) {
        self.isWriting = true
        guard !self.process.isExactlyOnce else {
            // It is durable already (`TransactionalCheckpoints`).
            return self.process.after(self.world.hop()) { self.wrote(isDurable: true) }
        }
        self.world.trace { "committing behind \(OpaquePosition.sequence(of: checkpoint.position))" }
        self.world.store.commit(checkpoint, of: self.tenant, by: self.process) { self.wrote(isDurable: $0) }
    }

    private func wrote(isDurable: Bool) {
        self.isWriting = false
        if isDurable {
            self.queue.committed(batches: self.schedule.wrote())
        } else {
            self.schedule.writeFailed(now: self.world.instant)
        }
        self.run()
    }
}
