import Foundation
import NIOCore
import Testing

@testable import GenesysSimulator

/// Topics, schemas and the bodies of events.
@Suite
struct ChannelEventTests {
    private static func writer(seed: UInt64 = 1, tenant: String = "acme") -> ChannelEventWriter {
        ChannelEventWriter(tenant: tenant, seed: seed, logStartMilliseconds: 1_795_428_000_000)
    }

    private static func topic(_ template: TopicTemplate) throws -> NotificationTopic {
        let name = template.segments.map { $0 == "{id}" ? "6513270e-269e-4d37-b2a7-4de452e6b438" : $0 }
        return try #require(TopicCatalog.shared.topic(named: name.joined(separator: ".")))
    }

    @Test func `every topic of the service is known, with the class of its body`() throws {
        #expect(TopicCatalog.shared.templates.count == 237)
        #expect(SchemaTable.shared.classes.count == 1_432)
        for template in TopicCatalog.shared.templates {
            #expect(SchemaTable.shared.classes.indices.contains(template.bodyClass))
            // Where an identifier could be a word of another template, the words win.
            #expect(try Self.topic(template).template == template)
        }
        for name in ["", "v2", "v2.users.1.nothing", "v2.users..presence", "V2.users.1.presence", "v2.users.{id}"] {
            #expect(TopicCatalog.shared.topic(named: name) == nil, "\(name)")
        }
    }

    @Test func `fields name classes and values that there are`() {
        func check(_ type: SchemaTable.FieldType) -> Bool {
            switch type {
            case .text, .whole, .number, .truth, .time, .anything: true
            case .values(let number): SchemaTable.shared.values.indices.contains(number)
            case .object(let number): SchemaTable.shared.classes.indices.contains(number)
            case .list(let element), .map(let element): check(element)
            }
        }
        let fields = SchemaTable.shared.classes.flatMap { $0 }
        #expect(fields.count > 3_000)
        #expect(fields.allSatisfy { check($0.type) && !$0.name.isEmpty })
        #expect(SchemaTable.shared.values.allSatisfy { !$0.isEmpty && !$0.contains("") })
    }

    @Test func `each event is JSON, names its topic and tells its number`() throws {
        var writer = Self.writer()
        for template in TopicCatalog.shared.templates {
            let topic = try Self.topic(template)
            for sequence in [0, 1, 2, 3, 98_765] {
                let bytes = Array(writer.message(topic, sequence: sequence).readableBytesView)
                let object = try #require(
                    try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
                    "\(template.text): \(String(decoding: bytes, as: UTF8.self))"
                )
                #expect(object["topicName"] as? String == topic.name && object["version"] as? String == "2")
                #expect(object["eventBody"] is [String: Any] && object["metadata"] is [String: Any])
                #expect(ChannelEventSequence.read(bytes) == sequence, "\(template.text)")
                #expect(bytes.count < 64 << 10, "\(template.text): \(bytes.count)")
            }
        }
    }

    @Test func `a body has the fields of its class only, with values of their types`() throws {
        var writer = Self.writer()
        for template in TopicCatalog.shared.templates {
            let message = writer.message(try Self.topic(template), sequence: 4)
            let object = try json(String(buffer: message))
            Self.check(try #require(object["eventBody"]), .object(template.bodyClass), template.text)
        }
    }

    private static func check(_ value: Any, _ type: SchemaTable.FieldType, _ path: String) {
        let table = SchemaTable.shared
        switch type {
        case .text: #expect(value is String, "\(path)")
        case .whole, .number: #expect(value is NSNumber, "\(path)")
        case .truth: #expect(value is Bool, "\(path)")
        case .time: #expect((value as? String)?.hasSuffix("Z") == true, "\(path)")
        case .anything: break
        case .values(let number): #expect((value as? String).map(table.values[number].contains) == true, "\(path)")
        case .list(let element): for item in value as? [Any] ?? [] { Self.check(item, element, path + "[]") }
        case .map(let element):
            for (key, item) in value as? [String: Any] ?? [:] { Self.check(item, element, "\(path).\(key)") }
        case .object(let number):
            let fields = Dictionary(uniqueKeysWithValues: table.classes[number].map { ($0.name, $0.type) })
            for (key, item) in value as? [String: Any] ?? [:] {
                // Newer than the schemas, and in real messages.
                if key == "additionalProperties" || key == ChannelEventSequence.extraField && fields[key] == nil {
                    continue
                }
                if let field = fields[key] {
                    Self.check(item, field, "\(path).\(key)")
                } else {
                    Issue.record("\(path) has no \(key)")
                }
            }
        }
    }

    @Test func `events follow from the seed, the tenant, the topic and the number, and differ by each`() throws {
        let topic = try #require(TopicCatalog.shared.topic(named: "v2.users.a.presence"))
        let other = try #require(TopicCatalog.shared.topic(named: "v2.users.b.presence"))
        var first = Self.writer()
        var second = Self.writer()
        let message = first.message(topic, sequence: 7)
        _ = second.message(other, sequence: 1)
        #expect(second.message(topic, sequence: 7) == message)
        var others = [Self.writer(seed: 2), Self.writer(tenant: "beta")]
        for index in others.indices { #expect(others[index].message(topic, sequence: 7) != message) }
        #expect(first.message(other, sequence: 7) != message)
        #expect(first.message(topic, sequence: 10) != message)
    }

    @Test func `a conversation's snapshots have 4 to 20 KB, and its identifier stays through its phases`() throws {
        var writer = Self.writer()
        for template in ["v2.routing.queues.%.conversations", "v2.users.%.conversations"] {
            var sizes: [Int] = []
            for number in 0..<60 {
                let name = template.replacing("%", with: "q\(number)")
                let topic = try #require(TopicCatalog.shared.topic(named: name))
                let messages = (0..<6).map { writer.message(topic, sequence: $0) }
                sizes += messages.map(\.readableBytes)
                let ids = try messages.map { try json(String(buffer: $0))["eventBody"] as? [String: Any] }
                    .map { $0?["id"] as? String }
                #expect(Set(ids[..<3]).count == 1 && Set(ids[3...]).count == 1 && ids[0] != ids[3])
            }
            #expect(sizes.min() ?? 0 > 3_500 && sizes.max() ?? 0 > 17_000 && sizes.max() ?? 0 < 24_000, "\(sizes)")
        }
    }

    @Test func `an event can carry the time at which it came to be, and keeps its number`() throws {
        var writer = Self.writer()
        let text = "2027-02-03T04:05:06.789Z"
        for template in TopicCatalog.shared.templates {
            let topic = try Self.topic(template)
            let bytes = writer.message(topic, sequence: 98_765, milliseconds: 1_801_627_506_789)
            #expect(ChannelEventSequence.read(bytes.readableBytesView) == 98_765, "\(template.text)")
            let message = String(buffer: bytes)
            #expect(!message.contains("2026-11-23T") || message.contains(ChannelEventSequence.dateField))
            if template.text == "v2.users.{id}.presence" { #expect(message.contains("\"modifiedDate\":\"\(text)\"")) }
        }
    }

    @Test func `the identifier of the correlation is not one of events`() throws {
        var writer = Self.writer()
        let topic = try #require(TopicCatalog.shared.topic(named: "v2.users.a.presence"))
        func correlation(_ sequence: Int) throws -> String? {
            let object = try json(String(buffer: writer.message(topic, sequence: sequence)))
            return (object["metadata"] as? [String: Any])?["CorrelationId"] as? String
        }
        let first = try correlation(0)
        #expect(try first != nil && first == correlation(3))
    }

    @Test func `what is no event has no number`() {
        let texts = [
            "", "{}", #""seq-"#, #""seq-00000000001""#, #""seq-0000000000010""#, #""seq-00000000000x""#,
            #"{"dataAvailabilityDate":"2026"}"#, ChannelMessage.heartbeat,
        ]
        for text in texts { #expect(ChannelEventSequence.read(Array(text.utf8)) == nil, "\(text)") }
        #expect(ChannelEventSequence.read(Array(#"x"seq-000000000012","#.utf8)) == 12)
    }

    @Test func `a combined topic stands for its leaves`() {
        let catalog = TopicCatalog.shared
        let names = catalog.combined(named: "v2.users.a?presence&routingStatus")?.map(\.name)
        #expect(names == ["v2.users.a.presence", "v2.users.a.routingStatus"])
        for name in [
            "v2.users.a", "v2.users.a?", "v2.users.a?presence&nothing", "v2.users.a?presence&",
            "v2.users.a?presence&presence",
        ] {
            #expect(catalog.combined(named: name) == nil, "\(name)")
        }
        let leaves = "presence&routingStatus&station&activity&outofoffice"
        let longest = "v2.users.\(String(repeating: "a", count: 199 - leaves.count - 10))?\(leaves)"
        #expect(longest.count == 199 && catalog.combined(named: longest)?.count == 5)
        #expect(catalog.combined(named: longest.replacingOccurrences(of: "users.", with: "users.a")) == nil)
    }
}
