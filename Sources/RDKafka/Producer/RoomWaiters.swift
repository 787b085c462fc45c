internal import Locking

/// Tasks that wait for room in librdkafka's queue.
final class RoomWaiters: Sendable {
    private struct State {
        var nextID: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        /// Cancelled before they were waiting.
        var cancelled: Set<UInt64> = []
        var isClosed = false
    }

    private let state = Locked(State())

    /// Waits for the next `wakeAll`, for cancellation or for `close`.
    ///
    /// - Parameter isNeeded: asked once the task is sure to be woken; `false` ends the wait.
    func wait(isNeeded: () -> Bool) async {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = self.state.withLock { state in
                    if state.isClosed || state.cancelled.contains(id) { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if goesOn { continuation.resume() } else if !isNeeded() { self.wake(id) }
            }
        } onCancel: {
            self.cancel(id)
        }
        self.state.withLock { _ = $0.cancelled.remove(id) }
    }

    /// Room may have come.
    func wakeAll() {
        let woken = self.state.withLock { state -> [UInt64: CheckedContinuation<Void, Never>] in
            defer { if !state.waiting.isEmpty { state.waiting = [:] } }
            return state.waiting
        }
        for continuation in woken.values { continuation.resume() }
    }

    /// Wakes everybody, and lets nobody wait any more.
    func close() {
        self.state.withLock { $0.isClosed = true }
        self.wakeAll()
    }

    private func wake(_ id: UInt64) {
        self.state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
    }

    private func cancel(_ id: UInt64) {
        let continuation = self.state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: id)
            if continuation == nil { state.cancelled.insert(id) }
            return continuation
        }
        continuation?.resume()
    }
}
