internal import BridgeCore
internal import Locking

/// Where the producer's thread leaves a stream's reports, and the stream's delivery finds them.
///
/// - Receives: reports from the producer's thread.
/// - Hands to: the stream's delivery, all that came since it last asked.
/// - Holds at most: one report per batch in flight.
final class DeliveryReportInbox: DeliveryReportSink {
    private struct State {
        var reports: [DeliveryReport] = []
        var hasFailed = false
    }

    private let state = Locked(State())
    private let reportCame = Wakeup()

    func receive(_ report: DeliveryReport) {
        self.state.withLock { state in
            state.reports.append(report)
            if report.outcome != .acknowledged { state.hasFailed = true }
        }
        self.reportCame.signal()
    }

    func batchIsFailing() {
        self.state.withLock { $0.hasFailed = true }
    }

    var hasFailed: Bool {
        self.state.withLock { $0.hasFailed }
    }

    /// The stream has settled: what comes now follows the committed position.
    func settled() {
        self.state.withLock { $0.hasFailed = false }
    }

    /// All reports that came since the last call, waiting for at least one; empty only when the task is cancelled.
    func next() async -> [DeliveryReport] {
        while true {
            let reports = self.state.withLock { state in
                defer { state.reports = [] }
                return state.reports
            }
            if !reports.isEmpty || Task.isCancelled { return reports }
            await self.reportCame.wait()
        }
    }
}
