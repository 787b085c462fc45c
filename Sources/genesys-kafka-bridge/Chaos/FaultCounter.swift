import Locking

/// Faults that were asked for, and those that took effect, by name.
final class FaultCounter: Sendable {
    private let state = Locked<(planned: [String: Int], fired: [String: Int])>(([:], [:]))

    func plan(_ name: String) {
        self.state.withLock { $0.planned[name, default: 0] += 1 }
    }

    /// It had no time to take effect.
    func withdraw(_ name: String) {
        self.state.withLock { $0.planned[name, default: 0] -= 1 }
    }

    func fire(_ name: String) {
        self.state.withLock { $0.fired[name, default: 0] += 1 }
    }

    /// Faults asked for so far.
    var planned: [String: Int] { self.state.withLock { $0.planned } }
    /// Faults of which nobody else keeps count.
    var fired: [String: Int] { self.state.withLock { $0.fired } }
}
