import BridgeCore

/// Where the producer leaves a stream's reports (`DeliveryReportInbox`).
final class ReportInbox {
    private var reports: [DeliveryReport] = []
    private(set) var hasFailed = false
    var onReport: (() -> Void)?
    var onFailing: (() -> Void)?

    func receive(_ report: DeliveryReport) {
        self.reports.append(report)
        if report.outcome != .acknowledged { self.hasFailed = true }
        self.onReport?()
    }

    /// A record failed whose batch is not reported whole yet.
    func isFailing() {
        self.hasFailed = true
        self.onFailing?()
    }

    func settled() { self.hasFailed = false }

    /// All that came since the last call.
    func take() -> [DeliveryReport] {
        defer { self.reports = [] }
        return self.reports
    }
}
