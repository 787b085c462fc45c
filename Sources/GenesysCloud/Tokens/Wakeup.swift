import Locking

/// Ends one task's wait from anywhere. A call while nobody waits ends the next wait at once.
final class Wakeup: Sendable {
    private enum State {
        /// Nobody waits, nobody called. Next: `called`, `waiting`.
        case idle
        /// Called before anybody waited. Next: `idle`.
        case called
        /// One task waits. Next: `idle`.
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Locked(State.idle)

    /// Ends the wait.
    func wake() {
        self.take(orLeave: .called)?.resume()
    }

    /// Returns once `wake` is called or the task is cancelled. One task at a time.
    func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = self.state.withLock { state in
                    if case .idle = state, !Task.isCancelled {
                        state = .waiting(continuation)
                        return false
                    }
                    state = .idle
                    return true
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            self.take(orLeave: .idle)?.resume()
        }
    }

    private func take(orLeave left: State) -> CheckedContinuation<Void, Never>? {
        self.state.withLock { state in
            switch state {
            case .waiting(let continuation):
                state = .idle
                return continuation
            case .idle:
                state = left
                return nil
            case .called:
                return nil
            }
        }
    }
}
