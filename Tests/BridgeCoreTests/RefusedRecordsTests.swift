import BridgeCore
import Testing

@Suite("Refused records (no-silent-loss)")
struct RefusedRecordsTests {
    private static func at(_ seconds: Int) -> Instant { Instant().advanced(by: .seconds(seconds)) }

    /// A record whose id and value are the number's text.
    private func record(_ number: Int, route: Int32 = 0) -> (record: KafkaRecord, bytes: MessageBytes) {
        let text = Array("record \(number)".utf8)
        let all = ByteRange(offset: 0, length: UInt32(text.count))
        let record = KafkaRecord(
            route: route,
            key: nil,
            value: all,
            id: all,
            subject: nil,
            time: nil,
            timestampMilliseconds: 0
        )
        return (record, MessageBytes(text))
    }

    private func treatment(_ refused: RefusedRecords, _ number: Int, route: Int32 = 0, at seconds: Int = 0)
        -> RefusedRecords.Treatment
    {
        let one = self.record(number, route: route)
        return refused.treatment(of: one.record, in: one.bytes, now: Self.at(seconds))
    }

    @discardableResult
    private func refuse(_ refused: inout RefusedRecords, _ number: Int, _ extent: RecordRefusal.Extent) -> Bool {
        let one = self.record(number)
        let refusal = RecordRefusal(index: 0, extent: extent, reason: "TOO_LARGE")
        return refused.refuse(one.record, in: one.bytes, refusal, now: Self.at(0))
    }

    @Test("what was in a refused request is sent alone; refused alone, it is a dead letter; others are not touched")
    func suspects() {
        var refused = RefusedRecords()
        #expect(refused.isEmpty)
        same(self.refuse(&refused, 1, .request), false)
        same(self.refuse(&refused, 2, .request), false)
        #expect((1...3).map { self.treatment(refused, $0) } == [.alone, .alone, .ordinary])
        refused.settled()
        same(self.refuse(&refused, 2, .record), true)
        #expect((1...3).map { self.treatment(refused, $0) } == [.alone, .deadLetter(reason: "TOO_LARGE"), .ordinary])
        refused.settled()
        same(self.refuse(&refused, 4, .request), false)
        #expect(
            (1...4).map { self.treatment(refused, $0) } == [
                .ordinary, .deadLetter(reason: "TOO_LARGE"), .ordinary, .alone,
            ]
        )
    }

    @Test("a refused topic takes everything for a minute, and is tried again then")
    func topics() {
        var refused = RefusedRecords()
        same(self.refuse(&refused, 1, .topic), true)
        #expect(self.treatment(refused, 2, at: 59) == .deadLetter(reason: "TOO_LARGE"))
        #expect(self.treatment(refused, 2, route: 1) == .ordinary)
        #expect(self.treatment(refused, 2, at: 60) == .ordinary)
    }

    @Test("what is remembered is bounded: the first suspects stay, and the last refused ones")
    func bounded() {
        var refused = RefusedRecords()
        for number in 0...RefusedRecords.countMax { self.refuse(&refused, number, .request) }
        #expect(self.treatment(refused, 0) == .alone)
        #expect(self.treatment(refused, RefusedRecords.countMax) == .ordinary)
        for number in 0...RefusedRecords.countMax { self.refuse(&refused, number, .record) }
        #expect(self.treatment(refused, 0) == .ordinary)
        #expect(self.treatment(refused, RefusedRecords.countMax) == .deadLetter(reason: "TOO_LARGE"))
    }

    @Test("a dead letter has the value cut, its whole size and digest, the reason and the topic that refused it")
    func deadLetter() {
        let mapper = RecordMapper(
            source: "/genesys/mypurecloud.com/acme",
            families: [.init(name: "a", kafkaTopic: "topic.a"), .init(name: "b", kafkaTopic: "topic.b")],
            deadLetterTopic: "dead-letters",
            gapTopic: "gaps",
            refused: .init(valueBytesMax: 6, sha256: { "digest of \($0.count)" })
        )
        let (record, bytes) = self.record(7, route: 1)
        var keyed = record
        keyed.key = keyed.value
        var records = [record, keyed]
        let all = mapper.deadLetter([(index: 1, reason: "TOO_LARGE (10): too large")], of: &records, in: bytes)
        #expect(records[0] == record && mapper.isEvent(records[0]), "the other one is as it was")
        let letter = records[1]
        #expect(!mapper.isEvent(letter), "a dead letter that is refused has no other place to go")
        #expect(all.string(letter.value) == "record" && letter.key.map(all.string) == "record 7")
        let route = mapper.routes.routes[Int(letter.route)]
        #expect(route.kafkaTopic == "dead-letters")
        let headers = route.headers.map { header -> String in
            switch header.value {
            case .constant(let text): "\(header.name)=\(text)"
            case .id: "\(header.name)=\(all.string(letter.id))"
            case .subject: "\(header.name)=\(letter.subject.map(all.string) ?? "")"
            case .time: "\(header.name)=\(letter.time.map(all.string) ?? "")"
            case .detail: "\(header.name)=\(letter.detail.map(all.string) ?? "")"
            }
        }
        #expect(
            headers == [
                "__connect.errors.topic=topic.b", "__connect.errors.stage=KAFKA_PRODUCE",
                "__connect.errors.exception.class.name=RefusedByKafka",
                "__connect.errors.exception.message=TOO_LARGE (10): too large", "sha256=digest of 8", "full-size=8",
                "ce_id=record 7",
            ]
        )
    }

    /// A record of so many bytes.
    private func record(bytes count: Int) -> (record: KafkaRecord, bytes: MessageBytes) {
        var one = self.record(0)
        one.record.value = ByteRange(offset: 0, length: UInt32(count))
        return (one.record, MessageBytes(Array(repeating: 1, count: count)))
    }

    private func refuse(
        _ refused: inout RefusedRecords,
        deadLetterOf count: Int,
        _ extent: RecordRefusal.Extent,
        isTooLarge: Bool = true
    ) -> Int? {
        let one = self.record(bytes: count)
        let refusal = RecordRefusal(index: 0, extent: extent, reason: "why", isTooLarge: isTooLarge)
        return refused.refuseDeadLetter(one.record, in: one.bytes, refusal, whole: 50_000)
    }

    @Test(
        "a dead letter that is refused alone for its size is cut to what the settings say, then to half, never below 512"
    )
    func deadLetterTooLarge() {
        var refused = RefusedRecords()
        same(self.refuse(&refused, deadLetterOf: 80_000, .record, isTooLarge: false), nil, "less of it helps nothing")
        same(self.refuse(&refused, deadLetterOf: 80_000, .topic), nil)
        #expect(refused.isEmpty)
        same(self.refuse(&refused, deadLetterOf: 80_000, .request), nil)
        let one = self.record(bytes: 80_000)
        #expect(refused.treatment(of: one.record, in: one.bytes, now: Self.at(0)) == .alone)
        same(self.refuse(&refused, deadLetterOf: 80_000, .record), 50_000)
        same(self.refuse(&refused, deadLetterOf: 50_000, .record), 25_000)
        same(self.refuse(&refused, deadLetterOf: 900, .record), 512)
        same(self.refuse(&refused, deadLetterOf: 512, .record), nil)
        same(refused.deadLetterBytesMax, 512)
        #expect(!refused.isEmpty)
    }

    @Test("what is as large as a record that was refused alone for its size is sent alone for a minute")
    func large() {
        var refused = RefusedRecords()
        let large = self.record(bytes: 1_000)
        let refusal = RecordRefusal(index: 0, extent: .record, reason: "TOO_LARGE", isTooLarge: true)
        same(refused.refuse(large.record, in: large.bytes, refusal, now: Self.at(0)), true)
        for (count, route, seconds, treatment): (Int, Int32, Int, RefusedRecords.Treatment) in [
            (999, 0, 0, .ordinary), (1_001, 0, 59, .alone), (1_001, 1, 0, .ordinary), (1_001, 0, 60, .ordinary),
        ] {
            var one = self.record(bytes: count)
            one.record.route = route
            #expect(refused.treatment(of: one.record, in: one.bytes, now: Self.at(seconds)) == treatment)
        }
    }

    @Test("a dead letter that is cut says its whole size and digest, once; a gap record is none")
    func cut() {
        let mapper = RecordMapper(
            source: "s",
            families: [.init(name: "a", destination: RecordDestination(kafkaTopic: "t"))],
            deadLetterTopic: "d",
            gapTopic: "g",
            refused: .init(valueBytesMax: 900, sha256: { "digest of \($0.count)" })
        )
        let (record, bytes) = self.record(bytes: 1_000)
        // Behind the one family: events without a name, then unsubscribed ones, unreadable messages, gaps, and what Kafka refused.
        let routes = (0..<6).map { route in
            var one = record
            one.route = Int32(route)
            return one
        }
        #expect(routes.map(mapper.isDeadLetter) == [false, true, true, true, false, true])
        var records = [routes[1], routes[5]]
        records[1].subject = record.id
        let all = mapper.cut([0, 1], to: 600, of: &records, in: bytes)
        #expect(records.map(\.value.count) == [600, 600])
        #expect(records[0].subject.map(all.string) == "1000" && records[0].time.map(all.string) == "digest of 1000")
        #expect(records[1].subject == record.id, "it says so already")
        let headers = mapper.routes.routes[1].headers
        #expect(
            headers.contains(RecordHeader("sha256", .time)) && headers.contains(RecordHeader("full-size", .subject))
        )
    }
}
