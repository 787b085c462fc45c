import Locking
import RDKafka
import Testing

@testable import KafkaDelivery

@Suite("Transaction inbox")
struct TransactionInboxTests {
    private func line(_ facility: String, _ message: String, severity: Int = 3) -> KafkaLogLine {
        KafkaLogLine(severity: severity, facility: facility, message: message)
    }

    @Test("of what librdkafka logs of a transaction, the first error is kept until the transaction is over")
    func complaints() {
        let inbox = TransactionInbox()
        inbox.receiveLine(self.line("FAIL", "a broker is away"))
        inbox.receiveLine(self.line("ADDPARTS", "for people who debug", severity: 7))
        #expect(inbox.complaint == nil)
        inbox.receiveLine(self.line("ADDPARTS", "\"events\" [3]: Topic authorization failed"))
        inbox.receiveLine(self.line("TXNERR", "and so the transaction"))
        #expect(inbox.complaint == "\"events\" [3]: Topic authorization failed")
        inbox.forgetComplaint()
        #expect(inbox.complaint == nil)
    }

    @Test("what a person has to mend is known until something is acknowledged")
    func obstacles() {
        let inbox = TransactionInbox()
        inbox.receiveError(KafkaError(code: .transport))
        #expect(inbox.obstacle == nil, "a broker that is away comes back by itself")
        inbox.receiveError(KafkaError(code: .saslAuthenticationFailed, reason: "wrong password"))
        inbox.receiveError(KafkaError(code: .allBrokersDown))
        #expect(inbox.obstacle?.reason == "wrong password")
        func report(persisted: Int, failed: Int) -> KafkaBatchReport {
            KafkaBatchReport(tag: 0, persistedCount: persisted, notPersistedCount: failed, failures: [])
        }
        inbox.receive(report(persisted: 0, failed: 1), of: 0, isUrgent: false)
        #expect(inbox.obstacle != nil)
        inbox.receive(report(persisted: 1, failed: 0), of: 1, isUrgent: false)
        #expect(inbox.obstacle == nil)
    }

    @Test(
        "the driver hears of a batch that it waits for, of an urgent one, and of one that was not written (no-dead-wait)",
        .timeLimit(.minutes(1))
    )
    func awaited() async {
        let inbox = TransactionInbox()
        let written = KafkaBatchReport(tag: 0, persistedCount: 1, notPersistedCount: 0, failures: [])
        let failed = KafkaBatchReport(tag: 0, persistedCount: 0, notPersistedCount: 1, failures: [])
        inbox.receive(written, of: 0, isUrgent: true)
        await inbox.changed.wait()
        inbox.receive(failed, of: 1, isUrgent: false)
        await inbox.changed.wait()
        inbox.receive(written, of: 2, isUrgent: false)
        #expect(inbox.takeReports(awaitsMore: true).map(\.entry) == [0, 1, 2])
        inbox.receive(written, of: 3, isUrgent: false)
        await inbox.changed.wait()
        #expect(inbox.takeReports(awaitsMore: false).map(\.entry) == [3])
    }
}
