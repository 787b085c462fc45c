import BridgeCore
import Synchronization

/// A clock that stands still until the test moves it. Who sleeps on it wakes when its time has come.
final class SteppedClock: BridgeClock {
    private struct State {
        var now = Instant()
        var sleepers: [(id: Int, deadline: Instant, wake: CheckedContinuation<Void, any Error>)] = []
        var lastID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    var now: Instant { self.state.withLock { $0.now } }
    let wallMilliseconds: Int64 = 0
    /// When the next sleeper wakes.
    var nextDeadline: Instant? { self.state.withLock { $0.sleepers.map(\.deadline).min() } }

    func sleep(until deadline: Instant) async throws {
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isOver: Bool? = self.state.withLock { state in
                    if state.cancelled.remove(id) != nil { return nil }
                    if deadline <= state.now { return true }
                    state.sleepers.append((id, deadline, continuation))
                    return false
                }
                switch isOver {
                case nil: continuation.resume(throwing: CancellationError())
                case true: continuation.resume()
                case false: break
                }
            }
        } onCancel: {
            let sleeper = self.state.withLock { state in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return CheckedContinuation<Void, any Error>?.none
                }
                return state.sleepers.remove(at: index).wake
            }
            sleeper?.resume(throwing: CancellationError())
        }
    }

    /// Waits until somebody sleeps, and moves the time to when that one wakes.
    func passToNextDeadline() async {
        while self.nextDeadline == nil { await Task.yield() }
        let due = self.state.withLock { state in
            state.now = state.sleepers.map(\.deadline).min() ?? state.now
            let now = state.now
            let due = state.sleepers.filter { $0.deadline <= now }
            state.sleepers.removeAll { $0.deadline <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }
}
