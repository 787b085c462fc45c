import BridgeCore

/// What `BatchQueue` does: a `BoundedQueue`, and who waits on it.
final class QueueDriver {
    enum Admission { case admitted, full, refused }

    unowned(unsafe) let process: BridgeProcess
    private(set) var queue: BoundedQueue<HandedBatch>
    private(set) var isAccepting = true
    private var roomWaiter: (() -> Void)?
    private var isRoomSignalled = false
    var onElement: (() -> Void)?
    var onHeldBack: (() -> Void)?
    /// The same sum, kept apart.
    private(set) var ownBytes = 0

    init(_ process: BridgeProcess) {
        self.process = process
        let plan = process.world.plan
        // The batches of a transaction and those that wait for the next one.
        let batches = plan.isExactlyOnce ? 2 * plan.queueBatches : plan.queueBatches
        self.queue = BoundedQueue(limits: .init(bytes: plan.queueBytes, batches: batches))
    }

    private var world: World { self.process.world }

    func offer(_ batch: HandedBatch) -> Admission {
        guard self.isAccepting else { return .refused }
        guard self.queue.offer(batch, heldBytes: batch.batch.heldBytes) else { return .full }
        self.ownBytes += batch.batch.heldBytes
        self.onElement?()
        return .admitted
    }

    /// Waits until the batch is admitted or refused.
    func send(_ batch: HandedBatch, done: @escaping (Admission) -> Void) {
        let admission = self.offer(batch)
        guard admission == .full else { return done(admission) }
        let again = { self.send(batch, done: done) }
        if self.isRoomSignalled {
            self.isRoomSignalled = false
            again()
        } else {
            precondition(self.roomWaiter == nil, "one task at a time waits")
            self.roomWaiter = again
            // Whoever takes hears of it once there is nothing else to take.
            self.process.after(self.world.hop()) { if self.roomWaiter != nil { self.onHeldBack?() } }
        }
    }

    private func signalRoom() {
        guard let waiter = self.roomWaiter else {
            self.isRoomSignalled = true
            return
        }
        self.roomWaiter = nil
        self.process.after(self.world.hop(), waiter)
    }

    func next() -> BoundedQueue<HandedBatch>.Element? { self.queue.next() }

    func release(bytes: Int, batches: Int, uncommitted: Int = 0) {
        self.ownBytes -= bytes
        self.queue.release(bytes: bytes, batches: batches, uncommitted: uncommitted)
        self.signalRoom()
    }

    func committed(batches: Int) {
        guard batches > 0 else { return }
        self.queue.committed(batches: batches)
        self.signalRoom()
    }

    func accept() { self.isAccepting = true }

    func refuse() {
        self.isAccepting = false
        self.signalRoom()
    }

    func fence(discarding: Bool) {
        if discarding {
            let before = self.queue.heldBytes
            _ = self.queue.discard()
            self.ownBytes -= before - self.queue.heldBytes
        }
        self.queue.fence()
        self.signalRoom()
        self.onElement?()
    }

    /// `bounded-bytes`.
    func check() {
        let limits = self.queue.limits
        self.world.expect(
            (self.queue.heldBytes <= limits.bytes && self.queue.heldBatches <= limits.batches)
                || self.queue.heldBatches == 1,
            "bounded-bytes"
        ) { "\(self.queue.heldBytes) bytes and \(self.queue.heldBatches) batches are held, of \(limits)" }
        self.world.expect(self.queue.heldBytes == self.ownBytes, "bounded-bytes") {
            "\(self.queue.heldBytes) bytes are counted, \(self.ownBytes) are held"
        }
    }
}
