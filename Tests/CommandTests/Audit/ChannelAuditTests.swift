import BridgeCore
import Testing

@testable import genesys_kafka_bridge

/// What proves that everything missing is inside a gap must be able to say that something is not.
@Suite("The audit of channels")
struct ChannelAuditTests {
    private static let topic = "v2.users.u1.presence"
    private static let other = "v2.users.u2.presence"
    private static let place = KeyOrder.Place(kafkaTopic: "t", key: [1])

    private func audit(_ numbers: some Sequence<Int>, gaps: [TimedGap] = []) -> ChannelAudit {
        var audit = ChannelAudit()
        for number in numbers { audit.observe(tenant: "acme", event: self.event(number), at: Self.place) }
        for gap in gaps { audit.observeGap(tenant: "acme", gap) }
        return audit
    }

    private func event(_ number: Int, _ topic: String = Self.topic) -> NumberedNotification {
        NumberedNotification(topic: topic, number: number)
    }

    private func gap(_ from: Int?, _ to: Int?, cause: GapRecord.Cause = .disconnect, topic: String = Self.topic)
        -> TimedGap
    {
        TimedGap(topics: [topic], cause: cause.rawValue, from: from, to: to)
    }

    /// Event n of the topic came to be at 1,000,000 + 1,000 n.
    private func owed(_ count: Int, missing: [Int] = []) -> OwedNotifications {
        let times = Dictionary(uniqueKeysWithValues: missing.map { ($0, 1_000_000 + 1_000 * $0) })
        return OwedNotifications(
            tenant: "acme",
            topics: [.init(name: Self.topic, numbers: 0..<count, milliseconds: times)]
        )
    }

    @Test(
        "an event is inside a gap when the time at which it came to be is within a record of its topic, and lost else (C1)"
    )
    func gaps() {
        // 3 came to be at 1,003,000, and nothing else is missing.
        for (gap, isCovered) in [
            (self.gap(1_002_500, 1_003_500), true), (self.gap(nil, 1_003_500), true),
            (self.gap(1_002_500, nil), true), (self.gap(1_003_000, 1_003_000), true),
            (self.gap(1_003_003, 1_003_500), true), (self.gap(1_002_500, 1_002_997), true),
            (self.gap(1_003_004, 1_003_500), false), (self.gap(1_002_500, 1_002_996), false),
            (self.gap(nil, 1_002_000), false), (self.gap(1_004_000, nil), false),
            (self.gap(1_003_500, 1_002_500), false), (self.gap(nil, nil, topic: Self.other), false),
            (self.gap(1_002_500, 1_003_500, topic: Self.other), false),
        ] {
            let result = self.audit([0, 1, 2, 4], gaps: [gap]).result(self.owed(5, missing: [3]))
            #expect(result.insideGaps == (isCovered ? 1 : 0) && result.lost == (isCovered ? 0 : 1), "\(gap)")
            #expect(result.sent == 5 && result.delivered == 4 && result.gaps == 1)
            #expect(result.firstLost == (isCovered ? nil : "\(Self.topic) number 3, made at 1970-01-01T00:16:43.000Z"))
        }
    }

    @Test("a gap of a combined topic speaks for all that it stands for, and for nothing else (C1, section 3)")
    func combined() {
        for (topic, isCovered) in [
            ("v2.users.u1?presence&routingStatus", true), ("v2.users.u1?routingStatus&presence", true),
            ("v2.users.u1?routingStatus&station", false), ("v2.users.u2?presence&routingStatus", false),
        ] {
            let gap = self.gap(1_002_500, 1_003_500, topic: topic)
            let result = self.audit([0, 1, 2, 4], gaps: [gap]).result(self.owed(5, missing: [3]))
            #expect(result.insideGaps == (isCovered ? 1 : 0) && result.lost == (isCovered ? 0 : 1), "\(topic)")
            #expect(result.gapTimes.map(\.topics) == [1])
        }
    }

    @Test("a missing event of which nobody knows the time is lost, whatever gaps there are")
    func unknownTime() {
        let audit = self.audit([0, 1, 2, 4], gaps: [self.gap(nil, 2_000_000)])
        #expect(audit.result(self.owed(5)).lost == 1)
        #expect(audit.unaccounted(self.owed(6)) == [Self.topic: [3, 5]])
    }

    @Test("what is missing at the beginning, at the end, or altogether is missing")
    func ends() {
        #expect(self.audit(2..<4).result(self.owed(6)).lost == 4)
        #expect(self.audit([]).result(self.owed(6)).lost == 6)
    }

    @Test("gap records that account for nothing are no matter, and excuse nothing else")
    func idleGaps() {
        let audit = self.audit(0..<5, gaps: [self.gap(1_001_000, 1_003_000), self.gap(5_000_000, 5_001_000)])
        let result = audit.result(self.owed(5))
        #expect(result.lost == 0 && result.insideGaps == 0 && result.delivered == 5 && result.gaps == 2)
        #expect(audit.result(self.owed(6, missing: [5])).lost == 1)
    }

    @Test("a gap without an end excuses only until a record says where it ended")
    func open() {
        let missing = [3, 4, 5]
        var audit = self.audit([0, 1, 2, 6], gaps: [self.gap(1_002_500, nil, cause: .unsubscribed)])
        #expect(audit.result(self.owed(7, missing: missing)).lost == 0)
        audit.settle(self.owed(7, missing: missing))
        // Of another kind, and of another time: the topic was refused still.
        audit.observeGap(tenant: "acme", self.gap(1_003_500, 1_003_600, cause: .rollover))
        #expect(audit.result(self.owed(7, missing: missing)).lost == 0)
        audit.observeGap(tenant: "acme", self.gap(1_002_500, 1_004_500, cause: .unsubscribed))
        let result = audit.result(self.owed(7, missing: missing))
        #expect(result.insideGaps == 2 && result.firstLost?.hasPrefix("\(Self.topic) number 5,") == true)
    }

    @Test("a gap without an end is at its end when the next process begins to observe")
    func openAtRestart() {
        let gaps = [
            self.gap(1_002_500, nil, cause: .unsubscribed), self.gap(1_003_500, 1_004_500, cause: .restart),
        ]
        let result = self.audit([0, 1, 2, 6], gaps: gaps).result(self.owed(7, missing: [3, 4, 5]))
        #expect(result.insideGaps == 2 && result.lost == 1)
    }

    @Test("a gap without an end that the next process tells anew ends with what ends that one")
    func openTwice() {
        let gaps = [
            self.gap(1_000_500, nil, cause: .unsubscribed), self.gap(1_002_500, nil, cause: .unsubscribed),
            self.gap(1_002_500, 1_004_500, cause: .unsubscribed),
        ]
        let result = self.audit([0, 5, 7], gaps: gaps).result(self.owed(8, missing: [1, 2, 3, 4, 6]))
        #expect(result.insideGaps == 4 && result.lost == 1)
    }

    @Test("what a spool lost is no end of a gap without one of another cause")
    func openBesideOthers() {
        let gaps = [self.gap(1_000_500, nil, cause: .unsubscribed), self.gap(nil, 1_002_500, cause: .positionLost)]
        let result = self.audit([0], gaps: gaps).result(self.owed(5, missing: [1, 2, 3, 4]))
        #expect(result.insideGaps == 4 && result.lost == 0)
    }

    @Test("what was found inside a gap stays so when its time is forgotten, and arrives if it does after all")
    func settled() {
        var audit = self.audit([0, 1, 4], gaps: [self.gap(1_001_500, 1_003_500)])
        audit.settle(self.owed(5, missing: [2, 3]))
        #expect(audit.unaccounted(self.owed(5)).isEmpty)
        #expect(audit.result(self.owed(5)).insideGaps == 2)
        audit.observe(tenant: "acme", event: self.event(3), at: nil)
        let result = audit.result(self.owed(5))
        #expect(result.insideGaps == 1 && result.delivered == 4 && result.lost == 0)
    }

    @Test("the same topic and number twice is duplicated; first seen behind a later one is out of order")
    func order() {
        let result = self.audit([0, 1, 2, 1, 2, 4, 3]).result(self.owed(5))
        #expect(result.duplicated == 2 && result.outOfOrder == 1 && result.lost == 0)
        var audit = self.audit([0, 2])
        audit.observe(tenant: "acme", event: self.event(1), at: nil)
        audit.observe(tenant: "acme", event: self.event(0, Self.other), at: Self.place)
        #expect(audit.result(self.owed(3)).outOfOrder == 0 && audit.result(self.owed(3)).duplicated == 0)
        #expect(audit.delivered("acme") == 4 && audit.delivered("globex") == 0)
    }

    @Test("what was written twice has one ce_id, what was received twice has two (C3)")
    func copies() {
        func audit(_ events: [(number: Int, identifier: String)]) -> AuditResult {
            var audit = ChannelAudit()
            for (number, identifier) in events {
                audit.observe(
                    tenant: "acme",
                    event: self.event(number),
                    at: Self.place,
                    identifier: Array(identifier.utf8)
                )
            }
            return audit.result(self.owed(2))
        }
        let result = audit([(0, "a"), (1, "b"), (0, "a"), (1, "c"), (1, "b")])
        #expect(result.duplicated == 3 && result.copied == 1)
        let many = audit([(0, "a")] + (1...100).map { ($0, "x\($0)") } + [(0, "b"), (1, "b")])
        #expect(many.duplicated == 2 && many.copied == 1, "the oldest is forgotten")
    }

    @Test("an event in the dead letters is accounted for, once")
    func deadLetters() {
        var audit = self.audit([0, 1])
        for _ in 0..<2 { audit.observeDeadLetter(tenant: "acme", event: self.event(2)) }
        let result = audit.result(self.owed(4))
        #expect(result.deadLettered == 1 && result.lost == 1 && audit.notices("acme").deadLettered == 1)
    }

    @Test("one record may speak for many topics, and each tenant has its own")
    func manyTopics() {
        var audit = self.audit([])
        audit.observe(tenant: "globex", event: self.event(0), at: Self.place)
        audit.observeGap(
            tenant: "acme",
            TimedGap(topics: [Self.topic, Self.other], cause: "restart", from: nil, to: 1_000_500)
        )
        let times = [0: 1_000_000, 1: 1_001_000]
        func lost(_ tenant: String) -> Int {
            audit.result(
                OwedNotifications(
                    tenant: tenant,
                    topics: [Self.topic, Self.other].map { .init(name: $0, numbers: 0..<2, milliseconds: times) }
                )
            ).lost
        }
        #expect(lost("acme") == 2 && lost("globex") == 3)
    }

    @Test("the time in gaps of a cause is counted once where records overlap, and not at all where an end is unknown")
    func times() {
        let audit = self.audit(
            [],
            gaps: [
                self.gap(1_000, 3_000), self.gap(2_000, 4_500, topic: Self.other), self.gap(10_000, 10_250),
                self.gap(nil, 1_000, cause: .missingCheckpoint), self.gap(7_000, nil, cause: .unsubscribed),
            ]
        )
        #expect(
            audit.result(self.owed(0)).gapTimes == [
                GapTime(cause: "disconnect", records: 3, unbounded: 0, topics: 2, milliseconds: 3750),
                GapTime(cause: "missing-checkpoint", records: 1, unbounded: 1, topics: 1, milliseconds: 0),
                GapTime(cause: "unsubscribed", records: 1, unbounded: 1, topics: 1, milliseconds: 0),
            ]
        )
    }

    @Test("gap records are read as the bridge writes them, and no others")
    func gapRecords() throws {
        let record = ChannelGap(
            from: Instant(nanoseconds: 0),
            to: Instant(nanoseconds: 1_500_000_000),
            cause: .disconnect,
            topics: [Self.topic, Self.other]
        ).record(of: StreamID(tenant: "acme", stream: "0"), noticedAtMilliseconds: 0) {
            1_767_607_200_007 + $0.nanoseconds / 1_000_000
        }
        let batch = NotificationBatch(record)
        let value = try #require(batch.notice.map { batch.bytes.array($0.value) })
        let gap = try #require(TimedGap(value))
        #expect(gap.topics == [Self.topic, Self.other] && gap.cause == "disconnect")
        #expect(gap.from == 1_767_607_200_007 && gap.to == 1_767_607_201_507)
        for text in [
            "[]", #"{"subscriptions":[],"cause":"restart","from":"acme.20.x","to":null}"#,
            #"{"subscriptions":[],"from":null,"to":null}"#,
        ] {
            #expect(TimedGap(Array(text.utf8)) == nil, "\(text)")
        }
    }

    @Test("events are read by their topic and the number in their body; real ones have none")
    func numbers() {
        func event(_ body: String) -> NumberedNotification? {
            NumberedNotification(Array(#"{"topicName":"\#(Self.topic)","version":"2","eventBody":\#(body)}"#.utf8))
        }
        #expect(event(#"{"message":"seq-000000000042","more":1}"#) == self.event(42))
        for body in [
            "{}", #"{"message":"seq-00000000042"}"#, #"{"message":"seq-000000000042"#,
            #"{"message":"seq-00000000004x"}"#,
            #"{"message":"seq-999999999999"}"#, #"{"dataAvailabilityDate":"2026-11-24T10:00:00.000Z"}"#,
        ] {
            #expect(event(body) == nil, "\(body)")
        }
        #expect(NumberedNotification(Array(#"{"eventBody":{"message":"seq-000000000042"}}"#.utf8)) == nil)
    }
}
