import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// What says that nothing is lost must be able to say that something is.
@Suite("The account of topics")
struct TopicAccountTests {
    private static let families: TopicAccount.Role = .events(.init(names: ["e"]))

    /// An event as the simulator writes them: its number among those of its key, and in the tenant's log ten times that.
    private static func value(_ number: Int, key: String = "k1") -> String {
        #"{"eventBody":{"id":"\#(key)","sequence":\#(number * 10),"keySequence":\#(number),"notes":""}}"#
    }

    private static func record(
        _ value: String,
        key: String? = "k1",
        headers: [(String, String)] = []
    ) -> KafkaConsumedRecord {
        KafkaConsumedRecord(
            topic: "t",
            partition: 0,
            offset: 0,
            timestampMilliseconds: nil,
            key: key.map { Array($0.utf8) },
            value: Array(value.utf8),
            headers: headers.map { KafkaConsumedHeader(name: $0.0, value: Array($0.1.utf8)) }
        )
    }

    private func gap(_ subscription: String, from: String, to: String) -> KafkaConsumedRecord {
        Self.record(#"{"subscriptions":["\#(subscription)"],"from":\#(from),"to":\#(to),"cause":"position-lost"}"#)
    }

    private func account(_ numbers: [Int], notices: [(KafkaConsumedRecord, TopicAccount.Role)] = []) -> VerifiedTenant {
        var account = TopicAccount(tenant: "acme")
        for (record, role) in notices { account.observe(record, in: role) }
        for number in numbers { account.observe(Self.record(Self.value(number)), in: Self.families) }
        return account.result(withKeys: true)
    }

    @Test("a number that is missing between two others of its key is lost, and named (no-silent-loss)")
    func hole() throws {
        let result = self.account([5, 6, 8, 9])
        #expect(result.lost == 1 && result.firstLost == "k1 number 7" && !result.isClean)
        #expect(result.delivered == 4 && result.duplicated == 0 && result.outOfOrder == 0)
        let key = try #require(result.keys?.first)
        #expect(key.key == "k1" && key.lost == 1 && key.delivered == 4)
        #expect(self.account([5, 6, 7, 8]).isClean, "what is in front of the first cannot be known")
    }

    @Test("a repeated suffix is duplicated and clean, an event behind a later one is out of order (order-per-key)")
    func order() {
        let repeated = self.account([1, 2, 3, 2, 3, 4])
        #expect(repeated.duplicated == 2 && repeated.delivered == 4 && repeated.isClean)
        let swapped = self.account([1, 3, 2])
        #expect(swapped.outOfOrder == 1 && swapped.lost == 0 && !swapped.isClean)
    }

    @Test("of records with a key that is not their entity no order is claimed, and what is lost is still seen")
    func otherKeys() {
        var account = TopicAccount(tenant: "acme")
        let role = TopicAccount.Role.events(.init(names: ["e"], areInOrder: false))
        for number in [1, 4, 3, 5] { account.observe(Self.record(Self.value(number)), in: role) }
        let result = account.result(withKeys: false)
        #expect(result.outOfOrder == 0 && result.lost == 1 && result.delivered == 4)
    }

    @Test("a dead letter accounts for its event, also the last one of its key")
    func deadLetters() {
        let reason = [("__connect.errors.exception.class.name", "UnreadableMessage")]
        let letter = Self.record(Self.value(2) + Self.value(9), headers: reason)
        let result = self.account([1, 3], notices: [(letter, .deadLetters)])
        #expect(result.deadLetters == ["UnreadableMessage": 1])
        #expect(result.lost == 5 && result.firstLost == "k1 number 4", "4 to 8 are between 3 and the dead letter")
        #expect(self.account([1, 3], notices: [(Self.record(Self.value(2)), .deadLetters)]).isClean)
    }

    @Test(
        "a gap record accounts for as many events of its subscription as its positions have room for, and for no others"
    )
    func gaps() {
        // Of 1 and 5 the log numbers are 10 and 50: 2, 3 and 4 are missing.
        for (subscription, from, to, isCovered) in [
            ("e", #""acme.11.x""#, #""acme.50.x""#, true), ("e:k1", #""acme.15.x""#, "null", true),
            ("e", "null", "null", true), ("e", #""acme.20.x""#, #""acme.23.x""#, true),
            ("e", #""acme.20.x""#, #""acme.22.x""#, false), ("e", #""acme.50.x""#, "null", false),
            ("e", "null", #""acme.11.x""#, false), ("f", "null", "null", false), ("e:k2", "null", "null", false),
        ] {
            let result = self.account([1, 5], notices: [(self.gap(subscription, from: from, to: to), .gaps)])
            #expect(result.lost == (isCovered ? 0 : 3), "\(subscription) \(from) \(to)")
            #expect(result.insideGaps == (isCovered ? 3 : 0) && result.gaps == ["position-lost": 1])
        }
    }

    @Test(
        "a gap record accounts for what is missing between a dead letter and the first event behind it (no-silent-loss)",
        arguments: [true, false]
    )
    func gapBehindDeadLetter(hasGap: Bool) {
        let deadLetter = (Self.record(Self.value(1)), TopicAccount.Role.deadLetters)
        let gap = (self.gap("e", from: "null", to: "null"), TopicAccount.Role.gaps)
        let result = self.account([5, 6], notices: hasGap ? [gap, deadLetter] : [deadLetter])
        #expect(result.insideGaps == (hasGap ? 3 : 0) && result.lost == (hasGap ? 0 : 3))
    }

    @Test("a gap record excuses nothing that came later, and one with other positions only counts")
    func gapsBeside() {
        let late = self.account([1, 5, 2, 3, 4], notices: [(self.gap("e", from: "null", to: "null"), .gaps)])
        #expect(late.insideGaps == 0 && late.outOfOrder == 3)
        let opaque = self.account([1, 5], notices: [(self.gap("e", from: #""xyz""#, to: "null"), .gaps)])
        #expect(opaque.gaps == ["position-lost": 1] && opaque.lost == 3)
        #expect(self.account([], notices: [(Self.record("[]"), .gaps)]).gaps == ["unreadable": 1])
    }

    @Test("events without numbers are told apart by ce_id, and nothing else is claimed of them")
    func identifiers() {
        var account = TopicAccount(tenant: "acme")
        for identifier in ["a", "b", "a", "c", "a"] {
            account.observe(Self.record("{}", headers: [("ce_id", identifier)]), in: Self.families)
        }
        account.observe(Self.record("{}"), in: Self.families)
        let result = account.result(withKeys: false)
        #expect(result.records == 6 && result.delivered == 4 && result.duplicated == 2 && result.numbered == 0)
        #expect(result.unidentified == 1 && !result.duplicatedIsEstimate && result.keys == nil)
        let text = VerifyReport([result]).text
        #expect(text.contains("unknown") && text.contains("4 events carry no number"))
    }

    @Test("numbers that no simulator writes are not taken for events, and cost no memory")
    func wrongNumbers() {
        let result = self.account([1, 99_999_999_999_999, 68_000_000_000])
        #expect(result.unidentified == 1 && result.delivered == 3)
        #expect(result.lost == 68_000_000_000 - 2, "one range, not a bit for each")
    }
}
