import RDKafka
import Synchronization

/// Keeps every report, and lets a test wait for a number of them.
final class RecordingSink: KafkaDeliverySink {
    private struct State {
        var reports: [KafkaBatchReport] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var reports: [KafkaBatchReport] { self.state.withLock(\.reports) }

    func batchCompleted(_ report: KafkaBatchReport) {
        let woken = self.state.withLock { state in
            state.reports.append(report)
            let count = state.reports.count
            let woken = state.waiting.filter { $0.count <= count }
            state.waiting.removeAll { $0.count <= count }
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// Returns once `count` reports have come.
    func reports(atLeast count: Int) async -> [KafkaBatchReport] {
        await withCheckedContinuation { continuation in
            let isThere = self.state.withLock { state in
                if state.reports.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
        return self.reports
    }
}
