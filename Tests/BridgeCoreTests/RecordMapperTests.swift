import BridgeCore
import Testing

@Suite("Record mapper")
struct RecordMapperTests {
    private let mapper = RecordMapper(
        source: "/genesys/mypurecloud.com/acme",
        families: [
            .init(name: "routing.queueEvents", kafkaTopic: "genesys.acme.routing.queueEvents"),
            .init(name: "user.presence", kafkaTopic: "genesys.acme.user.presence"),
        ],
        deadLetterTopic: "genesys.acme.dead-letters",
        gapTopic: "genesys.acme.gaps",
        refused: .init(valueBytesMax: 1_000, sha256: { "sha256 of \($0.count)" })
    )

    /// Lays the parts out one behind the other, as a batch's bytes would hold them.
    private func batch(_ events: [(name: String?, resource: String?, time: Int64?)]) -> NotificationBatch {
        var bytes: [UInt8] = []
        func place(_ text: String) -> ByteRange {
            defer { bytes += Array(text.utf8) }
            return ByteRange(offset: UInt32(bytes.count), length: UInt32(text.utf8.count))
        }
        let placed = events.map { event in
            NotificationEvent(
                value: place("{}"),
                id: place("id"),
                idIsDerived: false,
                name: event.name.map(place),
                resourceID: event.resource.map(place),
                time: nil,
                timeMilliseconds: event.time
            )
        }
        return NotificationBatch(
            bytes: MessageBytes(copying: bytes.span.bytes),
            events: placed,
            position: nil,
            batchID: nil,
            endsMessage: true
        )
    }

    @Test("each event goes to the topic of its name, in order, keyed by its resource (S2.8)")
    func routes() {
        let batch = self.batch([
            ("routing.queueEvents", "q1", 5), ("user.presence", "u1", nil), ("routing.queueEvents", "q2", 7),
        ])
        let mapped = self.mapper.map(batch, receivedAtMilliseconds: 99)
        let topics = mapped.records.map { self.mapper.routes.routes[Int($0.route)].kafkaTopic }
        #expect(
            topics == [
                "genesys.acme.routing.queueEvents", "genesys.acme.user.presence", "genesys.acme.routing.queueEvents",
            ]
        )
        #expect(mapped.records.map { $0.key.map(batch.bytes.string) } == ["q1", "u1", "q2"])
        #expect(mapped.records.map(\.timestampMilliseconds) == [5, 99, 7])
        #expect(mapped.deadLetterCount == 0 && mapped.nullKeyCount == 0)
    }

    @Test(
        "an event without a name, or with one that was not subscribed, goes to the dead letters with the reason (S2.8)"
    )
    func deadLetters() {
        let mapped = self.mapper.map(self.batch([(nil, "a", nil), ("other", "b", nil)]), receivedAtMilliseconds: 0)
        #expect(mapped.deadLetterCount == 2)
        let reasons = mapped.records.map { record in
            let route = self.mapper.routes.routes[Int(record.route)]
            #expect(route.kafkaTopic == "genesys.acme.dead-letters")
            return route.headers.first { $0.name == "__connect.errors.exception.class.name" }?.value
        }
        #expect(reasons == [.constant("MissingEventName"), .constant("UnsubscribedEvent")])
    }

    @Test("an unreadable message is a dead letter with its size, digest and reason, however much of it is left (S2.7)")
    func unreadableMessage() {
        let message = UnreadableMessage(
            bytes: MessageBytes(Array("the beg".utf8)),
            byteCount: 70_000,
            sha256: "abc123",
            reason: "not JSON",
            closeCode: 1007
        )
        let batch = NotificationBatch(message, of: StreamID(tenant: "acme", stream: "0"))
        let record = self.mapper.map(batch, receivedAtMilliseconds: 5).records[0]
        let route = self.mapper.routes.routes[Int(record.route)]
        #expect(route.kafkaTopic == "genesys.acme.dead-letters")
        #expect(batch.bytes.string(record.value) == "the beg")
        #expect(record.timestampMilliseconds == 5)
        let parts: [RecordHeader.Value: ByteRange?] = [
            .id: record.id, .subject: record.subject, .detail: record.detail,
        ]
        func header(_ name: String) -> String? {
            switch route.headers.first(where: { $0.name == name })?.value {
            case .constant(let text): text
            case let value?: (parts[value] ?? nil).map(batch.bytes.string)
            case nil: nil
            }
        }
        #expect(header("full-size") == "70000", "more than the value has: it was cut")
        #expect(header("sha256") == "abc123")
        #expect(header("__connect.errors.exception.message") == "not JSON")
        #expect(header("__connect.errors.exception.class.name") == "UnreadableMessage")
    }

    @Test("an event without a resource is delivered with a null key and counted (S2.8)")
    func nullKey() {
        let mapped = self.mapper.map(self.batch([("user.presence", nil, nil)]), receivedAtMilliseconds: 0)
        #expect(mapped.records[0].key == nil)
        #expect(mapped.nullKeyCount == 1)
    }

    @Test("a time before 1970 is replaced by the time of receipt, for Kafka refuses it")
    func timeBeforeTheEpoch() {
        let mapped = self.mapper.map(
            self.batch([("user.presence", "u", -1), ("user.presence", "u", 0)]),
            receivedAtMilliseconds: 9
        )
        #expect(mapped.records.map(\.timestampMilliseconds) == [9, 0])
    }

    @Test("the seven CloudEvents headers, and none where none are wanted")
    func headers() {
        let route = self.mapper.routes.routes[0]
        #expect(
            route.headers.map(\.name) == [
                "ce_specversion", "ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "content-type",
            ]
        )
        #expect(route.headers[3].value == .constant("com.genesys.routing.queueEvents"))
        let bare = RecordMapper(
            source: "s",
            families: [.init(name: "a", kafkaTopic: "t", withHeaders: false)],
            deadLetterTopic: "d",
            gapTopic: "g",
            refused: .init(valueBytesMax: 1_000, sha256: { "sha256 of \($0.count)" })
        )
        #expect(bare.routes.routes[0].headers.isEmpty)
        #expect(!bare.routes.routes[1].headers.isEmpty, "a dead letter always says why")
    }
}
