import RDKafka
import Testing

@testable import genesys_kafka_bridge

/// What is in the topics of a tenant of the public notification service: without numbers little can be said, and nothing more is claimed.
@Suite("The account of topics of channels")
struct ChannelAccountTests {
    private static let topic = "v2.users.u1.presence"
    private static let other = "v2.users.u1.routingStatus"
    private static let role = TopicAccount.Role.events(.init(names: ["e"]))
    /// When the process began, by its ids.
    private static let began: Int64 = 1_795_000_000_000
    private static let now: Int64 = 1_795_000_900_000

    private static func record(
        _ value: String,
        at milliseconds: Int64? = nil,
        id: String? = nil,
        key: String? = "u1",
        isOwnTime: Bool = false
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
            headers: (id.map { [KafkaConsumedHeader(name: "ce_id", value: Array("\(prefix)-\($0)".utf8))] } ?? [])
                + (isOwnTime ? [KafkaConsumedHeader(name: "ce_time", value: Array("a time".utf8))] : [])
        )
    }

    private static func event(_ number: Int, _ topic: String = Self.topic) -> String {
        let digits = String(number)
        let text = "seq-" + String(repeating: "0", count: 12 - digits.count) + digits
        return #"{"topicName":"\#(topic)","version":"2","eventBody":{"message":"\#(text)"},"metadata":{}}"#
    }

    /// Event n came to be n seconds after the process began, and says so unless that is when it was received.
    private static func numbered(
        _ number: Int,
        of topic: String = Self.topic,
        at seconds: Int? = nil,
        id: String? = nil,
        key: String? = "u1",
        isOwnTime: Bool = true
    ) -> KafkaConsumedRecord {
        Self.record(
            Self.event(number, topic),
            at: Self.began + Int64(seconds ?? number) * 1_000,
            id: id ?? "\(topic)-\(number)",
            key: key,
            isOwnTime: isOwnTime
        )
    }

    private static func gap(
        _ from: Int64?,
        _ to: Int64?,
        topic: String = Self.topic,
        stream: String = "0"
    ) -> KafkaConsumedRecord {
        func text(_ seconds: Int64?) -> String {
            // 2026-11-18T11:06:40Z is when the process began.
            seconds.map { "\"2026-11-18T11:06:\(40 + $0).000Z\"" } ?? "null"
        }
        return Self.record(
            #"{"stream":"\#(stream)","subscriptions":["\#(topic)"],"cause":"disconnect","from":\#(text(from)),"to":\#(text(to))}"#
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
        let inFront = self.account([3, 4, 5].map { Self.numbered($0) })
        #expect(inFront.isClean && inFront.inFront == 3, "what is in front cannot be known")
        #expect(VerifyReport([inFront]).text.contains("3 numbers are in front of the first events of their topics"))
    }

    @Test(
        "a gap of its topic speaks for what is missing where it covers all the time in which that can have come to be (C1)"
    )
    func gaps() {
        for (from, to, topic, isOwnTime, expected) in [
            (3, 7, Self.topic, true, "inside"), (nil, 7, Self.topic, true, "inside"),
            (3, nil, Self.topic, true, "inside"),
            (3, 7, Self.topic, false, "beside"), (4, 5, Self.topic, true, "beside"), (5, 9, Self.topic, true, "beside"),
            (nil, 4, Self.topic, true, "beside"), (6, nil, Self.topic, true, "beside"),
            (1, 3, Self.topic, true, "lost"),
            (7, 9, Self.topic, true, "lost"), (7, nil, Self.topic, true, "lost"), (7, 9, Self.topic, false, "lost"),
            (3, 7, "v2.users.u2.presence", true, "lost"),
            (3, 7, "v2.users.u1?routingStatus&presence", true, "inside"),
            (3, 7, "v2.users.u1?routingStatus&station", true, "lost"),
        ] as [(Int64?, Int64?, String, Bool, String)] {
            let result = self.account(
                [3, 4, 6].map { Self.numbered($0, isOwnTime: isOwnTime) },
                gaps: [Self.gap(from, to, topic: topic)]
            )
            let counts = ["inside": result.insideGaps, "beside": result.besideGaps, "lost": result.lost]
            #expect(counts.filter { $0.value > 0 } == [expected: 1], "\(from as Any) \(to as Any)")
            #expect(result.gaps == ["disconnect": 1] && result.gapTimes?.first?.topics == 1 && result.undecided == 0)
            let key = result.keys?.first
            #expect(key?.besideGaps == result.besideGaps && key?.insideGaps == result.insideGaps)
        }
    }

    @Test("what is missing beside a gap is not taken for what is inside it (C1)")
    func besideGaps() throws {
        // 3, 4 and 5 came to be at 3, 4 and 5 s if nothing hurried; the gap is from 5 to 6.
        let result = self.account([1, 2, 6].map { Self.numbered($0) }, gaps: [Self.gap(5, 6)])
        #expect(result.besideGaps == 3 && result.evenlyOutsideGaps == 2 && result.insideGaps == 0 && result.lost == 0)
        let text = VerifyReport([result]).text
        #expect(
            text.contains("3 numbers are missing next to gaps") && text.contains("at equal distances it would be 2")
        )
        #expect(VerifyReport([result]).clean && text.contains("nothing that can be checked is lost"))
    }

    @Test("an event whose neighbours are far from every gap is lost, however late they are read (C1)")
    func neighboursReadLate() {
        // As partitions are read one after the other, where records of a topic have several keys.
        let records = [0, 9, 1, 2, 3, 4, 6, 7, 8].map { Self.numbered($0, key: "c\($0 % 2)") }
        let result = self.account(records, gaps: [Self.gap(1, 2)])
        #expect(result.lost == 1 && result.firstLost == "\(Self.topic) number 5" && result.besideGaps == 0)
    }

    @Test("a dead letter bounds the time of what is missing beside it")
    func deadLetters() {
        let letter = Self.numbered(5)
        let result = self.account([3, 7].map { Self.numbered($0) }, gaps: [Self.gap(6, 6)], deadLetters: [letter])
        #expect(result.lost == 1 && result.firstLost == "\(Self.topic) number 4" && result.besideGaps == 1)
        // It came to be by then, and nobody knows since when.
        #expect(
            self.account([3, 7].map { Self.numbered($0) }, gaps: [Self.gap(4, 8)], deadLetters: [letter]).insideGaps
                == 0
        )
    }

    @Test(
        "where the neighbours tell no time, or one of another day, nobody can say whether a gap speaks for what is missing; without a gap it is lost"
    )
    func undecided() {
        for time in [nil, Self.began - 1, Self.now + 1] {
            let records = [1, 3].map { Self.record(Self.event($0), at: time, id: "\($0)") }
            let result = self.account(records, gaps: [Self.gap(nil, 9)])
            #expect(result.undecided == 1 && result.lost == 0 && result.insideGaps == 0 && result.isClean)
            #expect(VerifyReport([result]).text.contains("1 numbers are missing whose neighbours tell no time"))
            let withoutGaps = self.account(records)
            #expect(withoutGaps.undecided == 0 && withoutGaps.lost == 1 && !withoutGaps.isClean)
        }
        let withoutIDs = [1, 3].map { Self.record(Self.event($0), at: Self.began + 1) }
        #expect(self.account(withoutIDs, gaps: [Self.gap(5, 6)]).undecided == 1)
        let letter = Self.record(Self.event(2))
        let result = self.account(withoutIDs, gaps: [Self.gap(5, 6)], deadLetters: [letter])
        #expect(result.undecided == 0 && result.lost == 0, "it is in the dead letters")
    }

    @Test(
        "topics that share a key are in the order in which they came to be, if gap records say that one channel brings them (order-per-key)"
    )
    func sharedKeys() {
        let records = [
            Self.numbered(1, at: 10), Self.numbered(1, of: Self.other, at: 30), Self.numbered(2, at: 20),
        ]
        for (streams, isOwnTime, isCompared) in [
            ("00", true, true), ("00", false, true), ("01", true, false), ("0", true, false),
        ] {
            let records = records.map {
                isOwnTime
                    ? $0
                    : Self.record(
                        String(decoding: $0.value ?? [], as: UTF8.self),
                        at: $0.timestampMilliseconds,
                        id: "\($0.timestampMilliseconds ?? 0)"
                    )
            }
            let gaps = zip(streams, [Self.topic, Self.other]).map { Self.gap(nil, 1, topic: $1, stream: String($0)) }
            let result = self.account(records, gaps: gaps)
            #expect(result.outOfOrder == (isCompared ? 1 : 0) && result.isClean == !isCompared, "\(streams)")
            #expect(result.uncomparedKeys == (isCompared ? 0 : 1))
            let note = "1 keys have events of topics that no gap record puts on the same channels"
            #expect(VerifyReport([result]).text.contains(note) == !isCompared)
        }
        // A topic that has been on two channels: nobody knows when.
        let moved = [Self.gap(nil, 1), Self.gap(nil, 1, stream: "1"), Self.gap(nil, 1, topic: Self.other)]
        #expect(self.account(records, gaps: moved).outOfOrder == 0)
    }

    @Test("each key has an order of its own, whatever it is, and records without a key have none (order-per-key)")
    func otherKeys() {
        func outOfOrder(_ keys: [String?]) -> Int {
            self.account(zip([1, 3, 2], keys).map { Self.numbered($0, key: $1) }).outOfOrder
        }
        #expect(outOfOrder(["c1", "c1", "c1"]) == 1 && outOfOrder(["c1", "c2", "c1"]) == 0)
        #expect(outOfOrder(["c1", "c2", "c2"]) == 1 && outOfOrder([nil, nil, nil]) == 0)
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
