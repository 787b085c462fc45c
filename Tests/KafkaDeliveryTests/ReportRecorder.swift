import BridgeCore
import Synchronization

/// A stream's sink that keeps what it is told.
final class ReportRecorder: DeliveryReportSink {
    private let state = Mutex<[DeliveryReport]>([])
    private let failing = Atomic(false)

    func receive(_ report: DeliveryReport) {
        self.state.withLock { $0.append(report) }
    }

    func batchIsFailing() {
        self.failing.store(true, ordering: .sequentiallyConsistent)
    }

    var hasFailed: Bool {
        self.failing.load(ordering: .sequentiallyConsistent)
            || self.state.withLock { $0.contains { $0.outcome != .acknowledged } }
    }
    var reports: [DeliveryReport] { self.state.withLock { $0 } }

    /// Waits until so many reports came.
    func wait(for count: Int) async {
        while self.reports.count < count { await Task.yield() }
    }
}
