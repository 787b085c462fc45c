/// Wakes one waiting task. A signal that comes while nobody waits is kept, so a waiter that checks its condition, finds nothing and
/// then waits misses nothing.
public final class Wakeup: Sendable {
    private struct State {
        var isSignalled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())

    /// Nobody waits, nothing is signalled.
    public init() {}

    /// Wakes the waiter, or the next one.
    public func signal() {
        let waiter = self.state.withLock { state in
            state.isSignalled = state.waiter == nil
            return state.waiter.take()
        }
        waiter?.resume()
    }

    /// Waits for a signal, or for the task to be cancelled.
    public func wait() async {
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

    /// Waits for a signal, for `pause` to return, or for the task to be cancelled.
    public func wait(orFor pause: @escaping @Sendable () async throws -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // A sleep that was cancelled must not signal: the signal would be kept, and the next wait would not wait.
                guard (try? await pause()) != nil else { return }
                self.signal()
            }
            await self.wait()
            group.cancelAll()
        }
    }
}
