import Synchronization

/// A value that a callback sets and a test waits for.
final class Fact<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var values: [Value] { self.state.withLock(\.values) }

    func add(_ value: Value) {
        let woken = self.state.withLock { state in
            state.values.append(value)
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in woken { continuation.resume() }
    }

    /// The first value, as soon as it is there.
    func first() async -> Value {
        while true {
            if let value = self.values.first { return value }
            await withCheckedContinuation { continuation in
                let isThere = self.state.withLock { state in
                    if !state.values.isEmpty { return true }
                    state.waiting.append(continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }
}
