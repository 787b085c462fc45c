internal import Locking

/// Counts the calls that use a client, so that it is destroyed under none of them.
final class CallGate: Sendable {
    private enum State {
        /// → `.closing` (calls are inside), `.closed`
        case open(callers: Int)
        /// → `.closed` when the last call leaves
        case closing(callers: Int)
        /// Nobody is inside, nobody comes in.
        case closed
    }

    private let state = Locked(State.open(callers: 0))
    private let empty = Latch()

    /// Whether the caller may go in; if so, it must `leave`.
    func enter() -> Bool {
        self.state.withLock { state in
            guard case .open(let callers) = state else { return false }
            state = .open(callers: callers + 1)
            return true
        }
    }

    /// The call is over.
    func leave() {
        let isEmpty = self.state.withLock { state in
            switch state {
            case .open(let callers):
                state = .open(callers: callers - 1)
                return false
            case .closing(let callers):
                state = callers > 1 ? .closing(callers: callers - 1) : .closed
                return callers == 1
            case .closed:
                preconditionFailure("left an empty gate")
            }
        }
        if isEmpty { self.empty.open() }
    }

    /// Lets nobody in any more and returns when nobody is inside.
    ///
    /// - Returns: whether this call was the first to close.
    func close() async -> Bool {
        let (isFirst, isEmpty) = self.state.withLock { state -> (Bool, Bool) in
            guard case .open(let callers) = state else { return (false, false) }
            state = callers > 0 ? .closing(callers: callers) : .closed
            return (true, callers == 0)
        }
        if isEmpty { self.empty.open() }
        await self.empty.wait()
        return isFirst
    }
}
