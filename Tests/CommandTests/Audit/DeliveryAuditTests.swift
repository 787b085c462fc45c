import Testing

@testable import genesys_kafka_bridge

/// What proves that nothing is lost must be able to say that something is.
@Suite("The audit")
struct DeliveryAuditTests {
    private static let key = "k1"

    private func event(_ number: Int) -> NumberedEvent {
        NumberedEvent(Self.body(key: Self.key, number: number))!
    }

    private static func body(key: String, number: Int) -> [UInt8] {
        Array(#"{"eventBody":{"id":"\#(key)","sequence":\#(number + 100),"keySequence":\#(number),"notes":""}}"#.utf8)
    }

    private func owed(_ range: Range<Int>, skipped: [OwedEvents.Skipped] = []) -> OwedEvents {
        OwedEvents(
            tenant: "acme",
            resources: [.init(key: Self.key, event: "e", keySequences: range, skipped: skipped)]
        )
    }

    private func gap(_ subscription: String, from: String, to: String) throws -> GapNotice {
        let json = #"{"subscriptions":["\#(subscription)"],"from":\#(from),"to":\#(to),"cause":"position-lost"}"#
        return try #require(GapNotice(Array(json.utf8)))
    }

    @Test("counts every event of a key once, and says which one is missing")
    func lost() {
        var audit = DeliveryAudit()
        for number in 0..<200 where number != 77 {
            audit.observe(tenant: "acme", event: self.event(number), isKeyed: true)
        }
        let result = audit.result(self.owed(0..<200))
        #expect(result.sent == 200 && result.delivered == 199 && result.lost == 1)
        #expect(result.firstLost == "e:k1 number 77")
        #expect(result.duplicated == 0 && result.outOfOrder == 0)
        #expect(audit.result(self.owed(0..<77)).lost == 0)
        #expect(audit.result(self.owed(0..<300)).lost == 101)
    }

    @Test("a repeated suffix is duplicated, an event behind a later one of its key is out of order")
    func order() {
        var audit = DeliveryAudit()
        for number in [0, 1, 2, 1, 2, 4, 3] { audit.observe(tenant: "acme", event: self.event(number), isKeyed: true) }
        let result = audit.result(self.owed(0..<5))
        #expect(result.duplicated == 2 && result.outOfOrder == 1 && result.lost == 0)
    }

    @Test("nobody promises the order of records without a key")
    func unkeyed() {
        var audit = DeliveryAudit()
        audit.observe(tenant: "acme", event: self.event(1), isKeyed: false)
        audit.observe(tenant: "acme", event: self.event(0), isKeyed: true)
        #expect(audit.result(self.owed(0..<2)).outOfOrder == 0)
    }

    @Test("an event in the dead letters is accounted for")
    func deadLetters() {
        var audit = DeliveryAudit()
        let message = Self.body(key: Self.key, number: 3) + Self.body(key: Self.key, number: 4)
        audit.observeDeadLetter(tenant: "acme", events: NumberedEvent.all(in: message))
        let result = audit.result(self.owed(3..<6))
        #expect(result.deadLettered == 2 && result.lost == 1 && audit.notices("acme").deadLettered == 2)
    }

    @Test("what nobody could have is accounted for by a gap record of its subscription that covers it, and by no other")
    func gaps() throws {
        let skipped = OwedEvents.Skipped(keySequences: 2..<4, sequences: 20..<40)
        let owed = self.owed(2..<4, skipped: [skipped])
        for (subscription, from, to, isCovered) in [
            ("e:k1", #""acme.20.x""#, #""acme.40.x""#, true), ("e", "null", "null", true),
            ("e:k2", "null", "null", false), ("f", "null", "null", false),
            ("e:k1", #""acme.21.x""#, "null", false), ("e:k1", "null", #""acme.39.x""#, false),
        ] {
            var audit = DeliveryAudit()
            audit.observeGap(tenant: "acme", try self.gap(subscription, from: from, to: to))
            let result = audit.result(owed)
            #expect(result.insideGaps == (isCovered ? 2 : 0) && result.lost == (isCovered ? 0 : 2), "\(subscription)")
        }
        var audit = DeliveryAudit()
        audit.observeGap(tenant: "acme", try self.gap("e", from: "null", to: "null"))
        #expect(audit.result(self.owed(2..<4)).lost == 2, "a gap record is no excuse for what could be had")
    }

    @Test("a gap record with a position that the simulator did not write cannot be read")
    func unreadable() {
        #expect(GapNotice(Array(#"{"subscriptions":[],"from":"x","to":null,"cause":"poison"}"#.utf8)) == nil)
        #expect(GapNotice(Array("[]".utf8)) == nil)
        #expect(NumberedEvent(Array(#"{"eventBody":{"id":"k","keySequence":12"#.utf8)) == nil, "cut off in a number")
    }
}
