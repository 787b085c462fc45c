internal import BridgeCore
internal import Locking

/// Wakes one waiting task. A signal that comes while nobody waits is kept, so a waiter that checks its condition, finds nothing and
/// then waits misses nothing.
final class Wakeup: Sendable {
    private struct State {
        var isSignalled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())

    /// Wakes the waiter, or the next one.
    func signal() {
        let waiter = self.state.withLock { state in
            state.isSignalled = state.waiter == nil
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits for a signal, or for the task to be cancelled.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = self.state.withLock { state -> Bool in
                    if state.isSignalled || Task.isCancelled {
                        state.isSignalled = false
                        return true
                    }
                    precondition(state.waiter == nil, "one task at a time waits")
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            self.signal()
        }
    }

    /// Waits for a signal, for `deadline`, or for the task to be cancelled.
    func wait(until deadline: Instant?, clock: any BridgeClock) async {
        guard let deadline else { return await self.wait() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A sleep that was cancelled must not signal: the signal would be kept, and the next wait would not wait.
                guard (try? await clock.sleep(until: deadline)) != nil else { return }
                self.signal()
            }
            await self.wait()
            group.cancelAll()
        }
    }
}
