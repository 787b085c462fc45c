internal import BridgeCore
internal import Locking
internal import Logging

/// Writes one stream's safe positions to the store, as the schedule decides.
///
/// - Receives: positions of the acknowledged prefix, in order, from the stream's delivery.
/// - Hands to: the checkpoint store, one write at a time; the stream's queue, how many batches are committed.
/// - Holds at most: the newest position.
actor CheckpointCommitter {
    private let stream: StreamID
    private let queue: BatchQueue
    private let store: any CheckpointStore
    private let clock: any BridgeClock
    private let telemetry: StreamTelemetry
    private let logger: Logger
    private var schedule: CommitSchedule
    private let wakeup = Wakeup()
    private var flushers: [CheckedContinuation<Void, Never>] = []
    private var isOver = false
    /// Another instance owns the tenant: nothing is written any more (`one-owner`).
    private(set) var lost: CheckpointStoreError?

    init(
        stream: StreamID,
        queue: BatchQueue,
        policy: CommitSchedule.Policy,
        committed: Checkpoint?,
        store: any CheckpointStore,
        clock: any BridgeClock,
        telemetry: StreamTelemetry,
        logger: Logger
    ) {
        self.stream = stream
        self.queue = queue
        self.store = store
        self.clock = clock
        self.telemetry = telemetry
        self.logger = logger
        self.schedule = CommitSchedule(policy, committed: committed)
    }

    /// Everything up to `checkpoint` is acknowledged.
    func advanced(to checkpoint: Checkpoint, batches: Int) {
        let before = self.schedule.nextDeadline
        let unchanged = self.schedule.advanced(to: checkpoint, batches: batches, now: self.clock.now)
        self.queue.committed(batches: unchanged)
        // Only the first position of an interval moves the deadline; the rest is company that the loop need not hear of,
        // unless it fills the batch.
        if before == nil || self.schedule.isBatchFull { self.wakeup.signal() }
    }

    /// Commits what is safe without waiting for the interval. Returns the durable checkpoint.
    func flush() async -> Checkpoint? {
        if !self.schedule.isSettled, !self.isOver {
            await withCheckedContinuation { continuation in
                self.flushers.append(continuation)
                self.wakeup.signal()
            }
        }
        return self.schedule.committed
    }

    /// What the store has of the stream, with the events that are named there; nil where it has nothing, or cannot say.
    func stored() async -> Checkpoint? {
        try? await self.store.load(self.stream)
    }

    /// Another instance owns the tenant.
    func lose(_ error: CheckpointStoreError) {
        self.lost = self.lost ?? error
        self.wakeup.signal()
    }

    /// Writes until cancelled, or until another instance owns the tenant.
    func run() async {
        while !Task.isCancelled, self.lost == nil {
            if let checkpoint = self.schedule.nextWrite(now: self.clock.now, force: !self.flushers.isEmpty) {
                await self.write(checkpoint)
            } else if self.schedule.isSettled, !self.flushers.isEmpty {
                self.releaseFlushers()
            } else {
                await self.wakeup.wait(until: self.schedule.nextDeadline, clock: self.clock)
            }
        }
        self.isOver = true
        self.releaseFlushers()
    }

    private func releaseFlushers() {
        let flushers = self.flushers
        self.flushers = []
        for flusher in flushers { flusher.resume() }
    }

    private func write(_ checkpoint: Checkpoint) async {
        do {
            try await self.store.commit(checkpoint, of: self.stream)
            self.queue.committed(batches: self.schedule.wrote())
            let wallMilliseconds = self.clock.wallMilliseconds
            self.telemetry.update {
                $0.committed = checkpoint
                $0.committedAtMilliseconds = wallMilliseconds
                $0.commits += 1
                $0.commitFailure = nil
            }
        } catch {
            self.schedule.writeFailed(now: self.clock.now)
            self.telemetry.update { $0.commitFailure = error.description }
            if error.kind == .locked {
                self.lost = error
                return
            }
            self.logger.error(
                "the position could not be committed; it is tried again, and a crash now repeats more",
                metadata: ["reason": "\(error.description)"]
            )
        }
    }
}
