import Locking

/// Faults of the embedded broker so far, and whether there shall be more.
final class BrokerFaultCounter: Sendable {
    private let state = Locked<(counts: [String: Int], isStopped: Bool)>(([:], false))

    func count(_ name: String) {
        self.state.withLock { $0.counts[name, default: 0] += 1 }
    }

    func stop() {
        self.state.withLock { $0.isStopped = true }
    }

    var counts: [String: Int] { self.state.withLock { $0.counts } }
    var isStopped: Bool { self.state.withLock { $0.isStopped } }
}
