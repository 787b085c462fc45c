internal import BridgeCore
internal import Synchronization

/// Where the producer's thread leaves a stream's reports, and the stream's delivery finds them.
///
/// - Receives: reports from the producer's thread.
/// - Hands to: the stream's delivery, all that came since it last asked.
/// - Holds at most: one report per batch in flight.
final class DeliveryReportInbox: DeliveryReportSink {
    private let reports = Mutex<[DeliveryReport]>([])
    private let reportCame = Wakeup()

    func receive(_ report: DeliveryReport) {
        self.reports.withLock { $0.append(report) }
        self.reportCame.signal()
    }

    /// All reports that came since the last call, waiting for at least one; empty only when the task is cancelled.
    func next() async -> [DeliveryReport] {
        while true {
            let reports = self.reports.withLock { reports in
                defer { reports = [] }
                return reports
            }
            if !reports.isEmpty || Task.isCancelled { return reports }
            await self.reportCame.wait()
        }
    }
}
