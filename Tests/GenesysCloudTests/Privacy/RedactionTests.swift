import BridgeCore
import Testing

@testable import GenesysCloud

/// Rules over messages of both dialects.
@Suite("What is hidden of events")
struct RedactionTests {
    private static func split(_ text: String, _ rules: [RedactionRule]) throws -> [NotificationBatch] {
        var splitter = BatchSplitter(
            maxEventsPerBatch: 100,
            maxBatchBytes: 1 << 20,
            redaction: Redaction(rules, dialect: .stream, key: RedactionSamples.key)
        )
        return try splitter.split(Array(text.utf8).span)
    }

    private static func text(_ batch: NotificationBatch) -> String {
        batch.bytes.string(ByteRange(offset: 0, length: UInt32(batch.bytes.count)))
    }

    @Test("events of a family with rules are redacted with all their fields, those of others stay as they are (S2.4)")
    func stream() throws {
        let rules = [
            try RedactionSamples.rule(
                "user.*",
                drop: ["/eventBody/name"],
                hash: ["/timestamp"],
                hashesResourceID: true
            ),
            try RedactionSamples.rule("user.presence", hash: ["/eventBody/people/*/mail"]),
        ]
        let plain = #"{"eventId":"2","event":"queue","resourceId":"q","eventBody":{"name":"plain"}}"#
        let batch = try Self.split(
            #"{"lastEventId":"9","events":[{"eventId":"1","event":"user.\u0070resence","resourceId":"u-1","#
                + #""timestamp":"2026-01-05T10:00:00Z","eventBody":{"name":"s3cret","id":"u-1","#
                + #""people":[{"mail":"a@b"},{"mail":"c@d","n":1}]}} , \#(plain)]}"#,
            rules
        )[0]
        let (user, a, c) = (RedactionSamples.hash("u-1"), RedactionSamples.hash("a@b"), RedactionSamples.hash("c@d"))
        let time = RedactionSamples.hash("2026-01-05T10:00:00Z")
        #expect(
            batch.bytes.string(batch.events[0].value)
                == #"{"eventId":"1","event":"user.\u0070resence","resourceId":"\#(user)","timestamp":"\#(time)","#
                + #""eventBody":{"id":"u-1","people":[{"mail":"\#(a)"},{"mail":"\#(c)","n":1}]}}"#
        )
        #expect(batch.events[0].resourceID.map(batch.bytes.string) == user)
        #expect(batch.events[0].name.map(batch.bytes.string) == "user.presence")
        #expect(batch.events[0].time == nil && batch.events[0].timeMilliseconds == nil)
        #expect(batch.bytes.string(batch.events[1].value) == plain)
        #expect(batch.events[1].resourceID.map(batch.bytes.string) == "q")
        #expect(batch.position == Position(kind: .lastEventId, value: "9"))
        for hidden in ["s3cret", "a@b", "c@d", "2026"] { #expect(!Self.text(batch).contains(hidden)) }
    }

    @Test("an event without a name may be of any family: all rules hold for it (S2.8)")
    func nameless() throws {
        let rules = [
            try RedactionSamples.rule("a", drop: ["/eventBody/x"]),
            try RedactionSamples.rule("b", hash: ["/eventBody/y"], hashesResourceID: true),
        ]
        for name in ["", #""event":"","#, #""event":7,"#] {
            let batch = try Self.split(
                #"{"events":[{\#(name)"eventId":"1","resourceId":"r-1","eventBody":{"x":"p-1","y":"p-2","z":"p-3"}}]}"#,
                rules
            )[0]
            let text = Self.text(batch)
            #expect(!text.contains("p-1") && !text.contains("p-2") && !text.contains("r-1") && text.contains("p-3"))
            #expect(batch.events[0].name == nil)
        }
        // Of a name that stands twice the last one counts.
        let batch = try Self.split(#"{"events":[{"event":"c","event":"a","eventBody":{"x":"p-1","y":"p-2"}}]}"#, rules)[
            0
        ]
        #expect(!Self.text(batch).contains("p-1") && Self.text(batch).contains("p-2"))
    }

    @Test(
        "an id that is derived follows from what is shown: nobody can confirm a guess by it, and it is the same again"
    )
    func derivedIDs() throws {
        let rules = [try RedactionSamples.rule("a", drop: ["/eventBody/x"])]
        func id(_ value: String) throws -> String {
            let batch = try Self.split(#"{"events":[{"event":"a","eventBody":{"x":"\#(value)","y":1}}]}"#, rules)[0]
            #expect(batch.events[0].idIsDerived)
            return batch.bytes.string(batch.events[0].id)
        }
        #expect(try id("one") == id("two"))
        #expect(try id("one") == id("one"))
    }

    @Test("events of many families in one message are each treated by the rules of their own")
    func mixed() throws {
        let rules = [try RedactionSamples.rule("a", drop: ["/x"]), try RedactionSamples.rule("bb*", drop: ["/y"])]
        let names = ["c", "c", "a", "c", "d", "d", "bb", "bbb", "b", "cc", "a", "a", "c"]
        let events = names.enumerated().map { #"{"eventId":"\#($0)","event":"\#($1)","x":1,"y":2}"# }
        let batch = try Self.split(#"{"events":[\#(events.joined(separator: ","))]}"#, rules)[0]
        #expect(batch.events.count == names.count)
        for (event, name) in zip(batch.events, names) {
            let value = batch.bytes.string(event.value)
            #expect(
                value.contains(#""x""#) == (name != "a") && value.contains(#""y""#) == !name.hasPrefix("bb"),
                "\(value)"
            )
        }
    }

    @Test("messages in which no event has a rule are not written again")
    func untouched() throws {
        let redaction = Redaction(
            [try RedactionSamples.rule("a", drop: ["/x"])],
            dialect: .stream,
            key: RedactionSamples.key
        )
        for text in [#"{"events":[{"event":"b","x":1}]}"#, #"{"events":[{"event":"a","y":1}]}"#, #"{"events":[]}"#] {
            let bytes = Array(text.utf8)
            #expect(try redaction.redacting(bytes.span, MessageScan(bytes.span, eventCountHint: 0)) == nil)
        }
    }

    @Test("a message that cannot be read keeps nothing but its size and a digest under the key (S2.7)")
    func unreadable() throws {
        let redaction = Redaction(
            [try RedactionSamples.rule("a", drop: ["/x"])],
            dialect: .stream,
            key: RedactionSamples.key
        )
        let message = redaction.withholding(
            UnreadableMessage(
                bytes: MessageBytes(Array("secret".utf8)),
                byteCount: 6,
                sha256: "abc",
                reason: "why",
                closeCode: 1007
            )
        )
        #expect(message.bytes.count == 0 && message.byteCount == 6 && message.reason == "why")
        #expect(message.sha256 == RedactionSamples.hash("abc"))
    }

    @Test("a subscription is named without the ids that are hidden, and as before where none are")
    func names() throws {
        let rules = [try RedactionSamples.rule("users.presence", hashesResourceID: true)]
        let stream = Redaction(rules, dialect: .stream, key: RedactionSamples.key)
        let id = "6513270e-269e-4d37-b2a7-4de452e6b438"
        let hash = RedactionSamples.hash(id)
        #expect(stream.label(SubscriptionTopic(event: "users.presence", resourceID: id)) == "users.presence:\(hash)")
        #expect(stream.label(SubscriptionTopic(event: "users.presence")) == "users.presence")
        #expect(stream.label(SubscriptionTopic(event: "users.calls", resourceID: id)) == "users.calls:\(id)")
        #expect(stream.resourceID(id, of: "users.presence") == hash && stream.resourceID(id, of: "b") == id)
        let channels = Redaction(rules, dialect: .channels, key: RedactionSamples.key)
        #expect(channels.topicName("v2.users.\(id).presence") == "v2.users.\(hash).presence")
        #expect(
            channels.topicName("v2.users.\(id)?presence&routingStatus") == "v2.users.\(hash)?presence&routingStatus"
        )
        let agent = RedactionSamples.hash("agent-seven")
        #expect(channels.topicName("v2.users.agent-seven?presence&station") == "v2.users.\(agent)?presence&station")
        #expect(channels.topicName("v2.users.\(id).routingStatus") == "v2.users.\(id).routingStatus")
        #expect(channels.hiddenIDs(["v2.users.\(id).presence", "v2.users.x.routingStatus"]) == [Secret(id)])
        #expect(stream.hiddenIDs([SubscriptionTopic(event: "users.presence", resourceID: id)]) == [Secret(id)])
    }
}
