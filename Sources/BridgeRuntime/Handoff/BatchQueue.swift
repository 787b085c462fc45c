public import BridgeCore
internal import Locking

/// The bounded hand-off of one stream as its tasks see it: a `BoundedQueue` behind a lock, one sender and one receiver that wait.
///
/// - Receives: batches from the stream's ingestion.
/// - Hands to: the stream's delivery.
/// - Holds at most: the queue's limits, from admission to release.
public final class BatchQueue: Sendable {
    /// What became of a batch that was offered.
    public enum Admission: Hashable, Sendable {
        /// The queue has it.
        case admitted
        /// There is no room now; the queue does not have it.
        case full
        /// The queue takes nothing from this socket any more; it does not have it.
        case refused
    }

    /// What comes out.
    public enum Element: Sendable {
        /// A batch, already counted.
        case batch(NotificationBatch)
        /// Everything before it has come out.
        case fence
        /// Everything has come out, and a sender waits for room: there is none before something of it is reported.
        case heldBack
    }

    private struct State {
        var queue: BoundedQueue<NotificationBatch>
        var isAccepting = true
        var isFinished = false
        /// A sender has found no room, and nobody was told yet.
        var isHeldBack = false

        mutating func next() -> Element? {
            switch self.queue.next() {
            case .batch(let batch): return .batch(batch)
            case .fence: return .fence
            case nil: break
            }
            guard self.isHeldBack else { return nil }
            self.isHeldBack = false
            return .heldBack
        }
    }

    private let state: Locked<State>
    /// There may be room, or nothing is accepted any more.
    private let roomFreed = Wakeup()
    /// There is an element, a sender waits for room, or the queue is finished.
    private let elementAdded = Wakeup()

    /// An empty queue.
    public init(limits: BoundedQueue<NotificationBatch>.Limits) {
        self.state = Locked(State(queue: BoundedQueue(limits: limits)))
    }

    /// Offers a batch without waiting.
    public func offer(_ batch: NotificationBatch) -> Admission {
        let admission = self.state.withLock { state -> Admission in
            guard state.isAccepting, !state.isFinished else { return .refused }
            guard state.queue.offer(batch, heldBytes: batch.heldBytes) else { return .full }
            state.isHeldBack = false
            return .admitted
        }
        if admission == .admitted { self.elementAdded.signal() }
        return admission
    }

    /// Waits until the batch is admitted, or nothing is accepted any more, or the task is cancelled. Never returns `.full`.
    public func send(_ batch: NotificationBatch) async -> Admission {
        while !Task.isCancelled {
            let admission = self.offer(batch)
            guard admission == .full else { return admission }
            self.state.withLock { $0.isHeldBack = true }
            self.elementAdded.signal()
            await self.roomFreed.wait()
        }
        return .refused
    }

    /// The oldest element, waiting for one; nil once the queue is finished or the task is cancelled.
    public func next() async -> Element? {
        while !Task.isCancelled {
            let (element, isFinished) = self.state.withLock { state in
                state.isFinished ? (nil, true) : (state.next(), false)
            }
            if element != nil || isFinished { return element }
            await self.elementAdded.wait()
        }
        return nil
    }

    /// Gives back room. `uncommitted` batches count from now on until `committed(batches:)`.
    public func release(bytes: Int, batches: Int, uncommitted: Int = 0) {
        self.state.withLock { $0.queue.release(bytes: bytes, batches: batches, uncommitted: uncommitted) }
        self.roomFreed.signal()
    }

    /// So many batches' position is durable.
    func committed(batches: Int) {
        guard batches > 0 else { return }
        self.state.withLock { $0.queue.committed(batches: batches) }
        self.roomFreed.signal()
    }

    /// How much may be held.
    var limits: BoundedQueue<NotificationBatch>.Limits { self.state.withLock { $0.queue.limits } }

    /// Holds so much at most from now on. What is held already stays.
    public func setLimits(_ limits: BoundedQueue<NotificationBatch>.Limits) {
        self.state.withLock { $0.queue.limits = limits }
        self.roomFreed.signal()
    }

    /// Takes batches again: a new socket is open.
    public func accept() {
        self.state.withLock { $0.isAccepting = true }
    }

    /// Takes nothing more, and tells a sender that waits.
    public func refuse() {
        self.state.withLock { $0.isAccepting = false }
        self.roomFreed.signal()
    }

    /// Drops what is queued, if `discarding`, and puts a fence behind what is left. Returns how many batches were dropped.
    public func fence(discarding: Bool) -> Int {
        let dropped = self.state.withLock { state in
            defer { state.queue.fence() }
            return discarding ? state.queue.discard() : 0
        }
        self.roomFreed.signal()
        self.elementAdded.signal()
        return dropped
    }

    /// Ends the queue: nobody waits on it any more, nothing comes out of it.
    public func finish() {
        self.state.withLock { $0.isFinished = true }
        self.roomFreed.signal()
        self.elementAdded.signal()
    }

    /// Bytes and batches between admission and release.
    public var held: BoundedQueue<NotificationBatch>.Limits {
        self.state.withLock { .init(bytes: $0.queue.heldBytes, batches: $0.queue.heldBatches) }
    }
}
