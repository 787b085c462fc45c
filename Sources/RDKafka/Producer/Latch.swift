internal import Locking

/// A door that opens once, and stays open.
final class Latch: Sendable {
    private enum State {
        /// → `.open`
        case closed(waiting: [CheckedContinuation<Void, Never>])
        /// For good.
        case open
    }

    private let state = Locked(State.closed(waiting: []))

    /// Returns once the latch is open.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = self.state.withLock { state in
                switch state {
                case .closed(let waiting):
                    state = .closed(waiting: waiting + [continuation])
                    return false
                case .open:
                    return true
                }
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Opens it; further calls do nothing.
    func open() {
        let woken = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard case .closed(let waiting) = state else { return [] }
            state = .open
            return waiting
        }
        for continuation in woken { continuation.resume() }
    }
}
