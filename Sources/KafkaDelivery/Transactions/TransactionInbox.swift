internal import Locking
internal import RDKafka

/// Where the producer's thread leaves what it reports, and the transaction's driver finds it.
///
/// - Holds at most: one report for each batch of the transaction.
final class TransactionInbox: Sendable {
    private struct State {
        var reports: [(entry: Int, report: KafkaBatchReport)] = []
        /// Whether the driver waits for the next report, whatever it says.
        var isAwaited = false
        var isFailing = false
        var fatal: KafkaError?
        var obstacle: KafkaError?
        var complaint: String?
    }

    private let state = Locked(State())
    /// Signalled by whatever the driver shall look at.
    let changed = Wakeup()

    /// - Parameter isUrgent: whether the driver has something to do as soon as the batch is written. Of what is not written it always has;
    ///   of the others it need not hear before the transaction is due, and is not disturbed.
    func receive(_ report: KafkaBatchReport, of entry: Int, isUrgent: Bool) {
        let isWritten = report.status == .persisted
        let isAwaited = self.state.withLock { state in
            state.reports.append((entry, report))
            if isWritten { state.obstacle = nil }
            return state.isAwaited
        }
        if isAwaited || isUrgent || !isWritten { self.changed.signal() }
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
    /// - Parameter awaitsMore: `changed` tells of each report that comes behind these.
    func takeReports(awaitsMore: Bool) -> [(entry: Int, report: KafkaBatchReport)] {
        self.state.withLock { state in
            defer { state.reports = [] }
            state.isAwaited = awaitsMore
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
        private let isUrgent: Bool

        init(_ inbox: TransactionInbox, entry: Int, isUrgent: Bool) {
            self.inbox = inbox
            self.entry = entry
            self.isUrgent = isUrgent
        }

        func batchCompleted(_ report: KafkaBatchReport) {
            self.inbox.receive(report, of: self.entry, isUrgent: self.isUrgent)
        }

        // What is let in behind a failed record is aborted with it: nothing can overtake.
        func batchIsFailing() {
            self.inbox.recordFailed()
        }
    }
}
