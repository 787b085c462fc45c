internal import DequeModule
internal import Locking
internal import NIOCore

/// Where the event loop leaves what the single consumer has not taken yet.
///
/// *Receives* events from `WebSocketHandler`. *Hands to* `WebSocketConnection.next()`. *Holds at most*
/// `capacityBytes` and one message more: the handler stops reading frames when `push` says that there is no room.
final class Mailbox: Sendable {
    /// An event and the memory that it keeps alive.
    struct Entry {
        let event: WebSocketEvent
        let heldBytes: Int
    }

    /// What the consumer gets.
    struct Delivery {
        let event: WebSocketEvent
        let notice: Notice
    }

    /// What a consumer that took an event must tell the handler.
    enum Notice {
        case none
        /// Reading was held back, and there is room again.
        case roomAgain
        /// The last event was taken for the first time.
        case endReached
    }

    private typealias Outcome = Result<Delivery, CancellationError>

    private struct State {
        var entries = Deque<Entry>()
        var heldBytes = 0
        var isHeldBack = false
        var close: WebSocketClose?
        var isEndReached = false
        var waiter: CheckedContinuation<Outcome, Never>?
        var statistics = WebSocketStatistics()

        /// The next thing to deliver, if there is one.
        mutating func take(reopenAt lowBytes: Int) -> Delivery? {
            guard let entry = self.entries.popFirst() else {
                guard let close = self.close else { return nil }
                defer { self.isEndReached = true }
                return Delivery(event: .closed(close), notice: self.isEndReached ? .none : .endReached)
            }
            self.heldBytes -= entry.heldBytes
            let reopens = self.isHeldBack && self.heldBytes <= lowBytes
            if reopens { self.isHeldBack = false }
            return Delivery(event: entry.event, notice: reopens ? .roomAgain : .none)
        }
    }

    private let capacityBytes: Int
    private let state = Locked(State())

    init(capacityBytes: Int) {
        self.capacityBytes = capacityBytes
    }

    /// Whether the consumer is so far behind that the socket is not read.
    var isHeldBack: Bool { self.state.withLock { $0.isHeldBack } }

    /// Whether the consumer has taken everything, and nothing was kept out for want of room.
    var isEmpty: Bool { self.state.withLock { $0.entries.isEmpty && !$0.isHeldBack } }

    /// What the connection has received so far.
    var statistics: WebSocketStatistics { self.state.withLock { $0.statistics } }

    // MARK: The event loop's side

    /// Leaves `entries`, which is empty afterwards, and publishes `statistics`. Returns the room left in bytes; when
    /// there is none, the handler must stop until a delivery says `.roomAgain`.
    func push(_ entries: inout [Entry], statistics: WebSocketStatistics) -> Int {
        let (waiter, first, room) = self.state.withLock { state in
            var waiter: CheckedContinuation<Outcome, Never>?
            var first: Entry?
            if let entry = entries.first, let waiting = state.waiter.take() {
                waiter = waiting
                first = entry
            }
            for entry in entries.dropFirst(first == nil ? 0 : 1) {
                state.entries.append(entry)
                state.heldBytes += entry.heldBytes
            }
            state.statistics = statistics
            let room = self.capacityBytes - state.heldBytes
            state.isHeldBack = room <= 0
            return (waiter, first, room)
        }
        entries.removeAll(keepingCapacity: true)
        if let waiter, let first {
            waiter.resume(returning: .success(Delivery(event: first.event, notice: .none)))
        }
        return room
    }

    /// Leaves the last event; the first call counts. True when a waiting consumer gets it now.
    func finish(_ close: WebSocketClose) -> Bool {
        let waiter = self.state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            guard state.close == nil else { return nil }
            state.close = close
            state.isHeldBack = false
            state.isEndReached = state.waiter != nil
            return state.waiter.take()
        }
        waiter?.resume(returning: .success(Delivery(event: .closed(close), notice: .none)))
        return waiter != nil
    }

    // MARK: The consumer's side

    /// The next event; suspends while there is none. Throws, without taking an event, when the task is cancelled.
    func next() async throws(CancellationError) -> Delivery {
        guard !Task.isCancelled else { throw CancellationError() }
        if let delivery = self.nextArrived() { return delivery }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.wait(continuation)
            }
        } onCancel: {
            let waiter = self.state.withLock { $0.waiter.take() }
            waiter?.resume(returning: .failure(CancellationError()))
        }
        return try outcome.get()
    }

    /// The next event, if it is there already.
    func nextArrived() -> Delivery? {
        self.state.withLock { $0.take(reopenAt: self.capacityBytes / 2) }
    }

    private func wait(_ continuation: CheckedContinuation<Outcome, Never>) {
        let outcome = self.state.withLock { state -> Outcome? in
            precondition(state.waiter == nil, "a WebSocketConnection has one consumer: next() is already waiting")
            // The flag is set before the cancellation handler runs: either it is seen here, or the handler finds the
            // continuation.
            if Task.isCancelled { return .failure(CancellationError()) }
            if let delivery = state.take(reopenAt: self.capacityBytes / 2) { return .success(delivery) }
            state.waiter = continuation
            return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
    }
}
