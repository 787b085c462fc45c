import BridgeCore
import Testing

/// Where events go by their name and resource, and what their keys are.
@Suite("Routing of records")
struct RecordRoutingTests {
    private static let pointer = JSONPointer("/eventBody/id")

    /// Finds what stands between `<` and `>` in an event, and hands it out decoded, behind the bytes, where it begins with a backslash.
    private static let lookup: RecordMapper.KeyLookup = { pointer, bytes, event, tail in
        #expect(pointer == Self.pointer)
        let text = bytes.array(event)
        guard let first = text.firstIndex(of: UInt8(ascii: "<")), let last = text.firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        guard text[first + 1] == UInt8(ascii: "\\") else {
            return ByteRange(offset: event.offset + UInt32(first) + 1, length: UInt32(last - first - 1))
        }
        defer { tail += text[(first + 2)..<last] }
        return ByteRange(offset: UInt32(bytes.count + tail.count), length: UInt32(last - first - 2))
    }

    private func mapper(_ families: [RecordFamily]) -> RecordMapper {
        RecordMapper(
            source: "s",
            families: families,
            deadLetterTopic: "dead-letters",
            gapTopic: "gaps",
            keyLookup: Self.lookup,
            refused: .init(valueBytesMax: 1_000, sha256: { "sha256 of \($0.count)" })
        )
    }

    /// Events of one name each, with a value that the lookup reads.
    private func batch(_ events: [(name: String, resource: String?, value: String)]) -> NotificationBatch {
        var bytes: [UInt8] = []
        func place(_ text: String) -> ByteRange {
            defer { bytes += Array(text.utf8) }
            return ByteRange(offset: UInt32(bytes.count), length: UInt32(text.utf8.count))
        }
        let placed = events.map { event in
            NotificationEvent(
                value: place(event.value),
                id: place("id"),
                idIsDerived: false,
                name: place(event.name),
                resourceID: event.resource.map(place),
                time: nil,
                timeMilliseconds: nil
            )
        }
        return NotificationBatch(
            bytes: MessageBytes(bytes),
            events: placed,
            position: nil,
            batchID: nil,
            endsMessage: true
        )
    }

    private func topics(_ mapped: RecordMapper.Mapped, _ mapper: RecordMapper) -> [String] {
        mapped.records.map { mapper.routes.routes[Int($0.route)].kafkaTopic }
    }

    private func keys(_ mapped: RecordMapper.Mapped) -> [String?] {
        mapped.records.map { $0.key.map(mapped.bytes.string) }
    }

    @Test(
        "an event goes where its resource says, where that has a destination of its own, and else where its name says"
    )
    func resources() {
        let special = RecordDestination(kafkaTopic: "vip", key: .none, withHeaders: false)
        let mapper = self.mapper([
            .init(name: "a", destination: .init(kafkaTopic: "t.a"), resources: ["q1": special]),
            .init(name: "b", kafkaTopic: "t.b"),
        ])
        let mapped = mapper.map(
            self.batch([
                ("a", "q1", "{}"), ("a", "q2", "{}"), ("a", nil, "{}"), ("b", "q1", "{}"), ("a", "q", "{}"),
                ("c", "q1", "{}"),
            ]),
            receivedAtMilliseconds: 0
        )
        #expect(self.topics(mapped, mapper) == ["vip", "t.a", "t.a", "t.b", "t.a", "dead-letters"])
        #expect(self.keys(mapped) == [nil, "q2", nil, "q1", "q", "q1"])
        #expect(mapped.nullKeyCount == 1, "a key that is not wanted is not missed")
        #expect(mapped.deadLetterCount == 1)
        #expect(mapper.routes.routes[Int(mapped.records[0].route)].headers.isEmpty)
        #expect(mapper.routes.routes[Int(mapped.records[1].route)].headers.count == 7)
        #expect(mapped.records[0].subject != nil, "the entity is the subject whatever the key is")
    }

    @Test("events of two names may share a topic, and their headers still say what each is")
    func sharedTopic() {
        let mapper = self.mapper([.init(name: "a", kafkaTopic: "t"), .init(name: "b", kafkaTopic: "t")])
        let mapped = mapper.map(self.batch([("a", "x", "{}"), ("b", "x", "{}")]), receivedAtMilliseconds: 0)
        #expect(self.topics(mapped, mapper) == ["t", "t"])
        let types = mapped.records.map { mapper.routes.routes[Int($0.route)].headers[3].value }
        #expect(types == [.constant("com.genesys.a"), .constant("com.genesys.b")])
    }

    @Test("a key inside the event; the entity where there is none there, and that is counted (Records: key)")
    func pointers() throws {
        let pointer = try #require(Self.pointer)
        let mapper = self.mapper([
            .init(name: "a", destination: .init(kafkaTopic: "t", key: .pointer(pointer))),
            .init(name: "b", kafkaTopic: "u"),
        ])
        let batch = self.batch([
            ("a", "x", "{<k1>}"), ("a", "x", "{}"), ("a", nil, "{}"), ("a", nil, "{<k2>}"), ("b", "x", "{<k3>}"),
        ])
        let mapped = mapper.map(batch, receivedAtMilliseconds: 0)
        #expect(self.keys(mapped) == ["k1", "x", nil, "k2", "x"])
        #expect(mapped.keyFallbackCount == 2 && mapped.nullKeyCount == 1)
        #expect(mapped.bytes === batch.bytes, "nothing is copied where nothing was decoded")
    }

    @Test("keys that had to be decoded stand behind the batch's bytes, and nothing else moves")
    func decodedKeys() throws {
        let pointer = try #require(Self.pointer)
        let mapper = self.mapper([.init(name: "a", destination: .init(kafkaTopic: "t", key: .pointer(pointer)))])
        let batch = self.batch([("a", "x", #"{<\first>}"#), ("a", "y", "{<plain>}"), ("a", "z", #"{<\second>}"#)])
        let mapped = mapper.map(batch, receivedAtMilliseconds: 0)
        #expect(self.keys(mapped) == ["first", "plain", "second"])
        #expect(mapped.bytes.count == batch.bytes.count + 11)
        #expect(mapped.records.map { mapped.bytes.string($0.value) } == [#"{<\first>}"#, "{<plain>}", #"{<\second>}"#])
        #expect(mapped.records.map { $0.subject.map(mapped.bytes.string) } == ["x", "y", "z"])
    }

    @Test("a refused record's dead letter names the topic that refused it, and keeps its key")
    func refused() throws {
        let pointer = try #require(Self.pointer)
        let special = RecordDestination(kafkaTopic: "vip", key: .pointer(pointer))
        let mapper = self.mapper([.init(name: "a", destination: .init(kafkaTopic: "t"), resources: ["q1": special])])
        var mapped = mapper.map(
            self.batch([("a", "q2", "{}"), ("a", "q1", #"{<\key>}"#)]),
            receivedAtMilliseconds: 0
        )
        let bytes = mapper.deadLetter([(index: 1, reason: "no")], of: &mapped.records, in: mapped.bytes)
        let route = mapper.routes.routes[Int(mapped.records[1].route)]
        #expect(route.kafkaTopic == "dead-letters")
        #expect(route.headers.first { $0.name == "__connect.errors.topic" }?.value == .constant("vip"))
        #expect(mapped.records[1].key.map(bytes.string) == "key")
    }

    @Test("ten thousand resources with destinations of their own are told apart")
    func manyResources() {
        let odd = RecordDestination(kafkaTopic: "odd")
        let names = (0..<10_000).map { "resource-\($0)" }
        let resources = Dictionary(uniqueKeysWithValues: names.indices.filter { $0 % 2 == 1 }.map { (names[$0], odd) })
        let mapper = self.mapper([.init(name: "a", destination: .init(kafkaTopic: "even"), resources: resources)])
        let mapped = mapper.map(self.batch(names.map { ("a", $0, "{}") }), receivedAtMilliseconds: 0)
        #expect(self.topics(mapped, mapper) == names.indices.map { $0 % 2 == 1 ? "odd" : "even" })
        #expect(mapper.routes.routes.count < 20, "one route for each topic, not for each resource")
    }
}
