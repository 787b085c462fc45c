/// Lets one socket at a time hand a message on: during a rollover two are read. Part of an actor's state: no lock of its own.
struct HandOffTurn {
    private var isTaken = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// Whether nobody has it, and it is the caller's now.
    mutating func take() -> Bool {
        guard !self.isTaken else { return false }
        self.isTaken = true
        return true
    }

    /// Resumes `waiter` when it is its turn.
    mutating func wait(_ waiter: CheckedContinuation<Void, Never>) {
        self.waiters.append(waiter)
    }

    /// The next one's turn.
    mutating func release() {
        if self.waiters.isEmpty {
            self.isTaken = false
        } else {
            self.waiters.removeFirst().resume()
        }
    }
}
