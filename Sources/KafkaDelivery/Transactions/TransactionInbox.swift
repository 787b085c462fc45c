internal import Locking
internal import RDKafka

/// Where the producer's thread leaves what it reports, and the transaction's driver finds it.
///
/// - Holds at most: one report for each batch of the transaction.
final class TransactionInbox: Sendable {
    private struct State {
        var reports: [(entry: Int, report: KafkaBatchReport)] = []
        var isFailing = false
        var fatal: KafkaError?
        var obstacle: KafkaError?
        var complaint: String?
    }

    private let state = Locked(State())
    /// Signalled by whatever the driver shall look at.
    let changed = Wakeup()

    func receive(_ report: KafkaBatchReport, of entry: Int) {
        self.state.withLock { state in
            state.reports.append((entry, report))
            if report.status == .persisted { state.obstacle = nil }
        }
        self.changed.signal()
    }

    func receiveFatal(_ error: KafkaError) {
        self.state.withLock { $0.fatal = error }
        self.changed.signal()
    }

    /// A record of the transaction was not written. librdkafka knows it of what it was given; what it did not take at all is known here
    /// only, and before the batch is reported.
    func recordFailed() {
        self.state.withLock { $0.isFailing = true }
        self.changed.signal()
    }

    /// Whether a record of the transaction was not written.
    var isFailing: Bool { self.state.withLock(\.isFailing) }

    /// A transaction begins: what is said from now on is of its records. Everything before it was reported.
    func transactionBegins() {
        self.state.withLock { $0.isFailing = false }
    }

    /// An error of the client, not of a record.
    func receiveError(_ error: KafkaError) {
        guard error.code.action == .configuration else { return }
        self.state.withLock { $0.obstacle = error }
    }

    /// A line that librdkafka logs. Why a transaction took no records is said there alone: the records' own reports say only that they were
    /// purged.
    func receiveLine(_ line: KafkaLogLine) {
        guard Self.complaints.contains(line.facility), line.severity <= 3 else { return }
        // The first one is the cause of the others.
        self.state.withLock { $0.complaint = $0.complaint ?? line.message }
    }

    private static let complaints: Set<String> = ["ADDPARTS", "TXNERR"]

    /// Why the present transaction took no records; nil where librdkafka did not say.
    var complaint: String? { self.state.withLock(\.complaint) }

    /// There is no transaction any more.
    func forgetComplaint() {
        self.state.withLock { $0.complaint = nil }
    }

    /// What a person has to mend before records reach the brokers; nil where nothing of the kind was met, or a batch was acknowledged since.
    var obstacle: KafkaError? { self.state.withLock(\.obstacle) }

    /// What came since the last call.
    func takeReports() -> [(entry: Int, report: KafkaBatchReport)] {
        self.state.withLock { state in
            defer { state.reports = [] }
            return state.reports
        }
    }

    /// The error that ended the producer, once.
    func takeFatal() -> KafkaError? {
        self.state.withLock { $0.fatal.take() }
    }

    /// Takes the report of one batch.
    final class Slot: KafkaDeliverySink {
        private let inbox: TransactionInbox
        private let entry: Int

        init(_ inbox: TransactionInbox, entry: Int) {
            self.inbox = inbox
            self.entry = entry
        }

        func batchCompleted(_ report: KafkaBatchReport) {
            self.inbox.receive(report, of: self.entry)
        }

        // What is let in behind a failed record is aborted with it: nothing can overtake.
        func batchIsFailing() {
            self.inbox.recordFailed()
        }
    }
}
