import BridgeCore
import Testing

@testable import GenesysCloud

@Suite("Channel messages")
struct ChannelMessageTests {
    private static func control(_ text: String) -> ChannelControl? {
        guard let message = try? ChannelMessage(Array(text.utf8).span), case .control(let control) = message.kind else {
            return nil
        }
        return control
    }

    /// The batch of these messages, in order.
    private static func batch(_ texts: [String]) throws -> NotificationBatch {
        var builder = ChannelBatchBuilder()
        var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
        for text in texts {
            let bytes = Array(text.utf8)
            let message = try ChannelMessage(bytes.span)
            guard case .event(let topic) = message.kind else {
                Issue.record("no event: \(text)")
                continue
            }
            try builder.append(bytes.span, message, topic: topic, id: ids.next())
        }
        return builder.build().batch
    }

    @Test(
        "control messages are told from events (C4, C6)",
        arguments: [
            (#"{"topicName":"channel.metadata","eventBody":{"message":"WebSocket Heartbeat"}}"#, .heartbeat),
            (#" {"eventBody" : {"message":"pong"}, "topicName" : "channel.metadata"} "#, .pong),
            (#"{"topicName":"channel.metadata","eventBody":{"message":"hello"}}"#, .unknown),
            (#"{"topicName":"v2.system.socket_closing","eventBody":{"message":"maintenance"}}"#, .socketClosing),
            (
                #"{"topicName":"v2.system.no_longer_subscribed.6b4c","eventBody":{"message":"m","reason":"another_channel_subscribed"}}"#,
                .noLongerSubscribed(reason: "another_channel_subscribed")
            ),
            (#"{"topicName":"v2.system.token_revoked.6b4c","eventBody":{}}"#, .tokenRevoked),
            (#"{"topicName":"v2.system.tea.time"}"#, .unknown), (#"{"topicName":"channel.other"}"#, .unknown),
            (#"{"topicName":"v2.system\u002esocket_closing"}"#, .socketClosing),
            (#"{"result":"200","status":"subscribed"}"#, .subscribed), (#"{"result":404,"message":"x"}"#, .channelGone),
            (#"{"result":"404","message":"Channel not found"}"#, .channelGone), (#"{"result":"500"}"#, .unknown),
        ] as [(String, ChannelControl)]
    )
    func controls(text: String, control: ChannelControl) {
        #expect(Self.control(text) == control)
    }

    @Test(
        "what is neither is told with the place where that was seen (C1)",
        arguments: [
            ("{}", MessageDefect.Reason.notANotification), (#"{"message":"ping"}"#, .notANotification),
            (#"{"topicName":""}"#, .notANotification), (#"{"topicName":7}"#, .notANotification), ("[]", .notAnObject),
            ("", .endsEarly), (#"{"topicName":"v2.a"#, .endsEarly), (#"{"topicName":"v2.a"} x"#, .trailingBytes),
            (#"{"topicName":"v2.a","eventBody":{"a":01}}"#, .unexpectedByte),
        ]
    )
    func defects(text: String, reason: MessageDefect.Reason) {
        let bytes = Array(text.utf8)
        #expect {
            _ = try ChannelMessage(bytes.span)
        } throws: { error in
            (error as? MessageDefect)?.reason == reason
        }
    }

    @Test("an event's value is the message as it came, its key the entity, its name the family (C3)")
    func event() throws {
        let text =
            #"{"topicName":"v2.users.6513270e-269e.presence","version":"2","eventBody":{"primary":true,"#
            + #""modifiedDate":"2026-01-05T10:00:00.123Z"},"metadata":{"CorrelationId":"7f15"}}"#
        let batch = try Self.batch([text, text])
        #expect(batch.events.count == 2 && batch.position == nil && batch.endsMessage)
        for event in batch.events {
            #expect(batch.bytes.string(event.value) == text)
            #expect(event.name.map(batch.bytes.string) == "users.presence")
            #expect(event.resourceID.map(batch.bytes.string) == "6513270e-269e")
            #expect(event.time.map(batch.bytes.string) == "2026-01-05T10:00:00.123Z")
            #expect(event.timeMilliseconds == 1_767_607_200_123 && event.idIsDerived)
        }
        #expect(
            batch.events.map { batch.bytes.string($0.id) } == [
                "000000000001-0000000000000002-000000000001", "000000000001-0000000000000002-000000000002",
            ]
        )
    }

    @Test(
        "an event's time is the best that its body has, else none (C3)",
        arguments: [
            (#"{"modifiedDate":"2026-01-05T10:00:00Z","eventTime":1649237444949}"#, "2022-04-06T09:30:44.949Z"),
            (#"{"eventTime":1649237444949,"modifiedDate":"2026-01-05T10:00:00Z"}"#, "2022-04-06T09:30:44.949Z"),
            (#"{"interval":"2026-01-05T10:00:00Z/2026-01-05T10:30:00Z"}"#, "2026-01-05T10:00:00Z"),
            (#"{"dateModified":"2026-01-05T10:00:00+01:00"}"#, "2026-01-05T10:00:00+01:00"),
            (#"{"metricDate":"2026-01-05T10:00:00Z"}"#, "2026-01-05T10:00:00Z"),
            (#"{"eventTime":"2026\u002d01-05T10\u003A00:00.000Z"}"#, "2026-01-05T10:00:00.000Z"),
            (#"{"interval":"2026-01-05T10:00:00Z\/2026-01-05T10:30:00Z"}"#, "2026-01-05T10:00:00Z"),
            (
                #"{"modifiedDate":"2026-01-06T10:00:00Z","eventTime":"2026\u002d01-05T10:00:00Z"}"#,
                "2026-01-05T10:00:00Z"
            ),
            (#"{"eventTime":"2026-01-05T10:00:00Z\n"}"#, nil), (#"{"eventTime":"\u002d\/\ud800"}"#, nil),
            (#"{"user":{"modifiedDate":"2026-01-05T10:00:00Z"}}"#, nil), (#"{"eventTime":"yesterday"}"#, nil),
            (#"{"eventTime":1.5}"#, nil), (#"{"eventTime":-1}"#, nil), (#"{"eventTime":1234567890123456}"#, nil),
            (#"{"eventTime":null}"#, nil), ("[1]", nil), ("null", nil),
        ] as [(String, String?)]
    )
    func times(body: String, time: String?) throws {
        let batch = try Self.batch([#"{"topicName":"v2.outbound.settings","eventBody":\#(body)}"#])
        #expect(batch.events[0].time.map(batch.bytes.string) == time)
        #expect((batch.events[0].timeMilliseconds == nil) == (time == nil))
    }

    @Test("what is decoded for a time is a time, and is held once (C3)")
    func escapedTimes() throws {
        let plain = #"{"topicName":"v2.outbound.settings","eventBody":{"eventTime":"yesterday"}}"#
        let escaped = #"{"topicName":"v2.outbound.settings","eventBody":{"eventTime":"yesterd\u0061y"}}"#
        let bytes = try [plain, escaped].map { try Self.batch([$0, $0]).bytes.count }
        #expect(bytes[1] - bytes[0] == 2 * (escaped.utf8.count - plain.utf8.count))
        let text = #"{"topicName":"v2.m\u006fon","eventBody":{"eventTime":"2026\u002d01-05T10:00:00Z"}}"#
        let batch = try Self.batch([text, text])
        for event in batch.events {
            #expect(batch.bytes.string(event.value) == text && event.name.map(batch.bytes.string) == "moon")
            #expect(event.time.map(batch.bytes.string) == "2026-01-05T10:00:00Z")
            #expect(event.timeMilliseconds == 1_767_607_200_000)
        }
    }

    @Test("many events of several families share one buffer, each with its own (C3)")
    func many() throws {
        let texts = (0..<50).map { number in
            #"{"topicName":"v2.routing.queues.q\#(number).\#(number % 2 == 0 ? "users" : "conversations")","eventBody":{}}"#
        }
        let batch = try Self.batch(texts + [#"{"topicName":"v2.mo\u006fn.1","eventBody":{}}"#])
        for (number, event) in batch.events.enumerated().dropLast() {
            #expect(batch.bytes.string(event.value) == texts[number])
            #expect(event.resourceID.map(batch.bytes.string) == "q\(number)")
            #expect(
                event.name.map(batch.bytes.string)
                    == (number % 2 == 0 ? "routing.queues.users" : "routing.queues.conversations")
            )
        }
        #expect(batch.events.last?.name.map(batch.bytes.string) == "moon")
        #expect(batch.events.last?.resourceID.map(batch.bytes.string) == "1")
    }

    @Test("copies are recognised by topic and body, whatever stands beside them (C3)")
    func copies() throws {
        func fingerprint(_ text: String) throws -> EventFingerprint {
            var builder = ChannelBatchBuilder()
            var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
            let bytes = Array(text.utf8)
            let message = try ChannelMessage(bytes.span)
            guard case .event(let topic) = message.kind else { throw MessageDefect(.notANotification, at: 0) }
            try builder.append(bytes.span, message, topic: topic, id: ids.next())
            let batch = builder.build()
            return EventFingerprint(batch.matches[0], in: batch.batch.bytes)
        }
        let one = try fingerprint(#"{"topicName":"v2.a.b","eventBody":{"x":1},"metadata":{"CorrelationId":"1"}}"#)
        #expect(
            try fingerprint(#"{"metadata":{"CorrelationId":"2"},"eventBody":{"x":1},"topicName":"v2.a.\u0062"}"#) == one
        )
        #expect(try fingerprint(#"{"topicName":"v2.a.b","eventBody":{"x":2},"metadata":{"CorrelationId":"1"}}"#) != one)
        #expect(try fingerprint(#"{"topicName":"v2.a.c","eventBody":{"x":1},"metadata":{"CorrelationId":"1"}}"#) != one)
    }

    @Test("any bytes are read or refused, never a trap (no-silent-loss)", arguments: [1 as UInt64, 2, 3, 4])
    func garbage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let valid = Array(
            #"{"topicName":"v2.users.1.presence","eventBody":{"eventTime":1649237444949,"message":"a\u00e4"},"result":"200"}"#
                .utf8
        )
        var events = 0
        for _ in 0..<5000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                if Bool.random(using: &random) {
                    bytes.remove(at: index)
                } else {
                    bytes[index] = .random(in: 0...255, using: &random)
                }
            }
            guard let message = try? ChannelMessage(bytes.span), case .event(let topic) = message.kind else { continue }
            var builder = ChannelBatchBuilder()
            var ids = EventIDSequence(startedAtMilliseconds: 1, random: 2)
            guard (try? builder.append(bytes.span, message, topic: topic, id: ids.next())) != nil else { continue }
            let batch = builder.build().batch
            events += 1
            #expect(batch.bytes.array(batch.events[0].value) == bytes)
        }
        #expect(events > 500)
    }
}
