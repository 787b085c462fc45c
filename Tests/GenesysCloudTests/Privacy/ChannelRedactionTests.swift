import BridgeCore
import Testing

@testable import GenesysCloud

/// Rules over messages of channels.
@Suite("What is hidden of channels' events")
struct ChannelRedactionTests {
    private static let user = "6513270e-269e-4d37-b2a7-4de452e6b438"

    private static func batch(_ texts: [String], _ rules: [RedactionRule]) throws -> ChannelBatch {
        var builder = ChannelBatchBuilder(
            redaction: Redaction(rules, dialect: .channels, key: RedactionSamples.key)
        )
        var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
        for text in texts {
            let bytes = Array(text.utf8)
            let message = try ChannelMessage(bytes.span)
            guard case .event(let topic) = message.kind else { throw MessageDefect(.notANotification, at: 0) }
            try builder.append(bytes.span, message, topic: topic, id: ids.next())
        }
        return builder.build()
    }

    private static func text(_ batch: ChannelBatch) -> String {
        batch.batch.bytes.string(ByteRange(offset: 0, length: UInt32(batch.batch.bytes.count)))
    }

    @Test("the ids of a topic are hidden in the message and in what its record is made of (C3)")
    func ids() throws {
        let rules = [
            try RedactionSamples.rule("users.presence", drop: ["/eventBody/message"], hashesResourceID: true)
        ]
        let other = #"{"topicName":"v2.users.\#(Self.user).station","eventBody":{"message":"m-1"}}"#
        let batch = try Self.batch(
            [
                #"{"topicName":"v2.users.\#(Self.user).presence","version":"2","eventBody":{"message":"m-2","n":1}}"#,
                #" {"eventBody":{"message":"m-3"} , "topicName" : "v2.users.\u0036\#(Self.user.dropFirst()).presence"}"#,
            ],
            rules
        )
        let hash = RedactionSamples.hash(Self.user)
        let values = batch.batch.events.map { batch.batch.bytes.string($0.value) }
        #expect(
            values == [
                #"{"topicName":"v2.users.\#(hash).presence","version":"2","eventBody":{"n":1}}"#,
                #" {"eventBody":{} , "topicName" : "v2.users.\#(hash).presence"}"#,
            ]
        )
        for event in batch.batch.events {
            #expect(event.resourceID.map(batch.batch.bytes.string) == hash)
            #expect(event.name.map(batch.batch.bytes.string) == "users.presence")
        }
        for hidden in [Self.user, "m-2", "m-3"] { #expect(!Self.text(batch).contains(hidden)) }
        let untouched = try Self.batch([other], rules)
        #expect(untouched.batch.bytes.string(untouched.batch.events[0].value) == other)
        #expect(untouched.batch.events[0].resourceID.map(untouched.batch.bytes.string) == Self.user)
    }

    @Test("every id of a topic is hidden, also of one that the platform is not known to have")
    func allIDs() throws {
        let rules = [try RedactionSamples.rule("*", hashesResourceID: true)]
        let second = "0a1b2c3d-269e-4d37-b2a7-4de452e6b438"
        for topic in [
            "v2.users.\(Self.user).outbound.contactlists.\(second).export", "v2.moons.\(Self.user).tides.\(second)",
        ] {
            let batch = try Self.batch([#"{"topicName":"\#(topic)","eventBody":{}}"#], rules)
            let text = Self.text(batch)
            #expect(!text.contains(Self.user) && !text.contains(second), "\(text)")
            #expect(text.contains(RedactionSamples.hash(Self.user)) && text.contains(RedactionSamples.hash(second)))
            // It is the same family as before.
            #expect(
                batch.batch.events[0].name.map(batch.batch.bytes.string)
                    == TopicName(topic).family
            )
        }
        let without = #"{"topicName":"v2.workforcemanagement.agents","eventBody":{}}"#
        let batch = try Self.batch([without], rules)
        #expect(batch.batch.bytes.string(batch.batch.events[0].value) == without)
    }

    @Test("two events that differ only in what is hidden are no copies of each other, and copies still are (C3)")
    func copies() throws {
        let rules = [try RedactionSamples.rule("users.presence", drop: ["/eventBody/message"])]
        func fingerprint(_ message: String, _ correlation: Int) throws -> EventFingerprint {
            let batch = try Self.batch(
                [
                    #"{"topicName":"v2.users.\#(Self.user).presence","eventBody":{"message":"\#(message)"},"#
                        + #""metadata":{"CorrelationId":"\#(correlation)"}}"#
                ],
                rules
            )
            return EventFingerprint(batch.matches[0], in: batch.batch.bytes)
        }
        #expect(try fingerprint("a", 1) == fingerprint("a", 2))
        #expect(try fingerprint("a", 1) != fingerprint("b", 1))
    }

    @Test("many events through one builder are each as if alone, whatever came before")
    func reuse() throws {
        let rules = [try RedactionSamples.rule("users.presence", hash: ["/eventBody/n"], hashesResourceID: true)]
        let texts = (0..<50).map { number in
            let family = number % 3 == 0 ? "station" : "presence"
            let padding = String(repeating: "x", count: number * 37 % 200)
            return
                #"{"topicName":"v2.users.\#(Self.user).\#(family)","eventBody":{"n":"n-\#(number)","p":"\#(padding)"}}"#
        }
        let batch = try Self.batch(texts, rules)
        for (index, text) in texts.enumerated() {
            let alone = try Self.batch([text], rules)
            #expect(
                batch.batch.bytes.string(batch.batch.events[index].value)
                    == alone.batch.bytes.string(alone.batch.events[0].value)
            )
            #expect(Self.text(batch).contains("n-\(index)\"") == (index % 3 == 0))
        }
    }
}
