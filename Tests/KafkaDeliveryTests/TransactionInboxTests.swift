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
        inbox.receive(report(persisted: 0, failed: 1), of: 0)
        #expect(inbox.obstacle != nil)
        inbox.receive(report(persisted: 1, failed: 0), of: 1)
        #expect(inbox.obstacle == nil)
    }
}
