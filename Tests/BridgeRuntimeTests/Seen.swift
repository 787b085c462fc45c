import BridgeCore
import Synchronization

/// What a crash point saw, in order.
final class Seen: Sendable {
    private let state = Mutex<[(CrashPoint, Bool)]>([])

    func note(_ point: CrashPoint, hasNew: Bool) {
        self.state.withLock { $0.append((point, hasNew)) }
    }

    var notes: [(CrashPoint, Bool)] { self.state.withLock { $0 } }
}
