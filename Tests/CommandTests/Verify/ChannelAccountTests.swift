import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// What is in the topics of a tenant of the public notification service: without numbers little can be said, and nothing more is claimed.
@Suite("The account of topics of channels")
struct ChannelAccountTests {
    private static let topic = "v2.users.u1.presence"
    private static let role = TopicAccount.Role.events(.init(names: ["e"]))
    /// When the process began, by its ids.
    private static let began: Int64 = 1_795_000_000_000
    private static let now: Int64 = 1_795_000_900_000

    private static func record(
        _ value: String,
        at milliseconds: Int64? = nil,
        id: String? = nil,
        key: String? = "u1"
    ) -> KafkaConsumedRecord {
        let prefix =
            String(repeating: "0", count: 12 - String(Self.began, radix: 16).count) + String(Self.began, radix: 16)
        return KafkaConsumedRecord(
            topic: "t",
            partition: 0,
            offset: 0,
            timestampMilliseconds: milliseconds,
            key: key.map { Array($0.utf8) },
            value: Array(value.utf8),
            headers: id.map { [KafkaConsumedHeader(name: "ce_id", value: Array("\(prefix)-\($0)".utf8))] } ?? []
        )
    }

    private static func event(_ number: Int) -> String {
        let digits = String(number)
        let text = "seq-" + String(repeating: "0", count: 12 - digits.count) + digits
        return #"{"topicName":"\#(Self.topic)","version":"2","eventBody":{"message":"\#(text)"},"metadata":{}}"#
    }

    /// Event n came to be n seconds after the process began.
    private static func numbered(_ number: Int, id: String? = nil) -> KafkaConsumedRecord {
        Self.record(Self.event(number), at: Self.began + Int64(number) * 1_000, id: id ?? "\(number)")
    }

    private static func gap(_ from: Int64?, _ to: Int64?, topic: String = Self.topic) -> KafkaConsumedRecord {
        func text(_ seconds: Int64?) -> String {
            // 2026-11-18T11:06:40Z is when the process began.
            seconds.map { "\"2026-11-18T11:06:\(40 + $0).000Z\"" } ?? "null"
        }
        return Self.record(
            #"{"subscriptions":["\#(topic)"],"cause":"disconnect","from":\#(text(from)),"to":\#(text(to))}"#
        )
    }

    private func account(
        _ records: [KafkaConsumedRecord],
        gaps: [KafkaConsumedRecord] = [],
        deadLetters: [KafkaConsumedRecord] = []
    ) -> VerifiedTenant {
        var account = TopicAccount(tenant: "acme", isOfChannels: true, nowMilliseconds: Self.now)
        for gap in gaps { account.observe(gap, in: .gaps) }
        for letter in deadLetters { account.observe(letter, in: .deadLetters) }
        for record in records { account.observe(record, in: Self.role) }
        return account.result(withKeys: true)
    }

    @Test("a number that is missing where no gap touches the time between its neighbours is lost, and named (C1)")
    func lost() throws {
        let result = self.account([3, 4, 6].map { Self.numbered($0) })
        #expect(result.lost == 1 && result.firstLost == "\(Self.topic) number 5" && !result.isClean)
        #expect(result.numbered == 3 && result.delivered == 3 && result.undecided == 0)
        let key = try #require(result.keys?.first)
        #expect(key.key == Self.topic && key.lost == 1 && key.delivered == 3)
        #expect(self.account([3, 4, 5].map { Self.numbered($0) }).isClean, "what is in front cannot be known")
    }

    @Test("a gap that touches the time between the neighbours speaks for what is missing there, another does not")
    func gaps() {
        for (from, to, topic, isCovered) in [
            (4, 5, Self.topic, true), (5, 9, Self.topic, true), (nil, 4, Self.topic, true), (6, nil, Self.topic, true),
            (1, 3, Self.topic, false), (7, 9, Self.topic, false), (7, nil, Self.topic, false),
            (4, 6, "v2.users.u2.presence", false), (4, 6, "v2.users.u1?routingStatus&presence", true),
            (4, 6, "v2.users.u1?routingStatus&station", false),
        ] as [(Int64?, Int64?, String, Bool)] {
            let result = self.account(
                [3, 4, 6].map { Self.numbered($0) },
                gaps: [Self.gap(from, to, topic: topic)]
            )
            #expect(result.lost == (isCovered ? 0 : 1) && result.insideGaps == (isCovered ? 1 : 0), "\(from as Any)")
            #expect(result.gaps == ["disconnect": 1] && result.gapTimes?.first?.topics == 1)
        }
    }

    @Test(
        "where the neighbours tell no time, or one of another day, nobody can say whether a gap speaks for what is missing"
    )
    func undecided() {
        for time in [nil, Self.began - 1, Self.now + 1] {
            let records = [1, 3].map { Self.record(Self.event($0), at: time, id: "\($0)") }
            for gaps in [[], [Self.gap(nil, 9)]] {
                let result = self.account(records, gaps: gaps)
                #expect(result.undecided == 1 && result.lost == 0 && result.insideGaps == 0 && result.isClean)
                #expect(VerifyReport([result]).text.contains("1 numbers are missing whose neighbours tell no time"))
            }
        }
        let withoutIDs = [1, 3].map { Self.record(Self.event($0), at: Self.began + 1) }
        #expect(self.account(withoutIDs).undecided == 1)
        let letter = Self.record(Self.event(2))
        #expect(self.account(withoutIDs, deadLetters: [letter]).undecided == 0, "it is in the dead letters")
    }

    @Test("the same ce_id twice was written again, the same number twice is duplicated whatever its ce_id (C3)")
    func duplicates() {
        let records = [Self.numbered(1), Self.numbered(2), Self.numbered(1), Self.numbered(2, id: "other")]
        let result = self.account(records)
        #expect(result.duplicated == 2 && result.rewritten == 1 && result.delivered == 2 && result.outOfOrder == 0)
        let real = [("{}", "a"), ("{}", "b"), ("{}", "a")].map { Self.record($0, at: Self.began + 1, id: $1) }
        let unnumbered = self.account(real)
        #expect(unnumbered.delivered == 2 && unnumbered.duplicated == 1 && unnumbered.rewritten == 1)
        #expect(unnumbered.numbered == 0 && unnumbered.isClean)
    }

    @Test("it says that no more can be known than what the bridge recorded (C1)")
    func plainWords() {
        let real = [Self.record("{}", at: Self.began + 1, id: "a")]
        let whole = VerifyReport([self.account(real)]).text
        #expect(whole.contains("no gap is recorded, by the bridge's own account") && whole.contains("unknown"))
        let gaps = VerifyReport([self.account(real, gaps: [Self.gap(1, 3), Self.gap(5, 6), Self.gap(nil, 1)])]).text
        #expect(gaps.contains("gaps: disconnect, 3 records of 1 topic, 3.0 s, 1 of them without beginning or end"))
        #expect(gaps.contains("complete but for these gaps") && !gaps.contains("no gap is recorded"))
        let unreadable = self.account(real, gaps: [Self.record("[]"), Self.record("{\"cause\":\"poison\"}")])
        #expect(unreadable.gaps == ["unreadable": 1, "poison": 1] && unreadable.gapTimes == [])
    }
}
