import BridgeCore
import GenesysCloud
import Testing

@Suite
struct BatchSplitterTests {
    @Test("A batch gives its id, its position and, for each event, its bytes and fields (S2.1)")
    func wholeBatch() throws {
        let batches = try Self.split(
            #" {"batchId":"b-1","lastEventId":"e-9","timestamp":"t","#
                + #""events":[\#(GenesysBodies.presence) , \#(GenesysBodies.queueUsers)]} "#
        )
        let batch = try #require(batches.first)
        #expect(batches.count == 1 && batch.events.count == 2 && batch.endsMessage)
        #expect(batch.batchID == "b-1")
        #expect(batch.position == Position(kind: .lastEventId, value: "e-9"))
        #expect(batch.bytes.string(batch.events[0].value) == GenesysBodies.presence)
        #expect(batch.bytes.string(batch.events[1].value) == GenesysBodies.queueUsers)
        #expect(batch.bytes.string(batch.events[0].id) == "7f150524-34b9-45df-9e77-69b10f4205b4")
        #expect(batch.events[0].name.map(batch.bytes.string) == "v2.users.presence")
        #expect(batch.events[0].resourceID.map(batch.bytes.string) == "6513270e-269e-4d37-b2a7-4de452e6b438")
        #expect(batch.events[0].time.map(batch.bytes.string) == "2026-01-05T10:00:00.123Z")
        #expect(batch.events[0].timeMilliseconds == 1_767_607_200_123)
        #expect(batch.events[1].time == nil && batch.events[1].timeMilliseconds == nil)
        #expect(batch.events.allSatisfy { !$0.idIsDerived })
    }

    @Test("A batch owns only its events' bytes, however much stands around them")
    func exactSize() throws {
        let padding = String(repeating: " ", count: 5000)
        let batch = try Self.split(
            #"{"x":"\#(padding)","events":[\#(padding){"eventId":"1"},{"eventId":"2"}\#(padding)]}"#
        )[0]
        #expect(batch.bytes.count == #"{"eventId":"1"},{"eventId":"2"}"#.utf8.count)
    }

    @Test(
        "A message without events is a batch without events, with a position all the same (S2.3)",
        arguments: [
            #"{"lastEventId":"e"}"#, #"{"lastEventId":"e","events":[]}"#, #"{"lastEventId":"e","events":[ ]}"#,
            #"{"lastEventId":"e","events":null}"#, #"{"events":[{}],"lastEventId":"e","events":[]}"#,
            #"{"events":17,"lastEventId":"e","events":null}"#,
        ]
    )
    func heartbeat(text: String) throws {
        let batches = try Self.split(text)
        #expect(
            batches.count == 1 && batches[0].events.isEmpty && batches[0].endsMessage && batches[0].bytes.count == 0
        )
        #expect(batches[0].position == Position(kind: .lastEventId, value: "e"))
    }

    @Test(
        "The position is lastEventId, else timestamp, decoded and otherwise untouched (S2.2)",
        arguments: [
            (#"{"lastEventId":"a","timestamp":"b"}"#, Position(kind: .lastEventId, value: "a")),
            (#"{"timestamp":"b"}"#, Position(kind: .timestamp, value: "b")),
            (#"{"timestamp":"b","lastEventId":null}"#, Position(kind: .timestamp, value: "b")),
            (#"{"timestamp":"b","lastEventId":12}"#, Position(kind: .timestamp, value: "b")),
            (#"{"timestamp":"b","lastEventId":""}"#, Position(kind: .timestamp, value: "b")),
            (#"{"lastEventId":"a","lastEventId":"c"}"#, Position(kind: .lastEventId, value: "c")),
            (
                #"{"last\u0045ventId":" +\/\"\\\n\u00e9\ud83d\ude00 "}"#,
                Position(kind: .lastEventId, value: " +/\"\\\né😀 ")
            ),
            (#"{"lastEventId":"a\ud800b\udc00"}"#, Position(kind: .lastEventId, value: "a\u{FFFD}b\u{FFFD}")),
            (#"{"lastEventId":"\u0000"}"#, Position(kind: .lastEventId, value: "\u{0}")),
            (#"{"timestamp":"","lastEventId":""}"#, nil),
            (#"{"timestamp":{},"lastEventId":[]}"#, nil),
            ("{}", nil),
        ] as [(String, Position?)]
    )
    func position(text: String, expected: Position?) throws {
        #expect(try Self.split(text)[0].position == expected)
    }

    @Test("A position that no URL could carry back is refused")
    func longPosition() throws {
        let longest = String(repeating: "p", count: BatchSplitter.positionByteLimit)
        #expect(try Self.split(#"{"lastEventId":"\#(longest)"}"#)[0].position?.value == longest)
        #expect(throws: MessageDefect(.positionTooLong, at: 16)) {
            try Self.split(#"{"lastEventId":"\#(longest)p"}"#)
        }
    }

    @Test("Escaped names and values are decoded, and stand behind the events' own bytes (S2.4, S2.8)")
    func escapedFields() throws {
        let text =
            #"{"\u0065ventId":"\u0031\/","event":"a\"b","resourceId":"\ud83d\ude00","#
            + #""timestamp":"2026-01-05T10:00:00\u005a"}"#
        let batch = try Self.split(#"{"events":[{"eventId":"0"},\#(text)]}"#)[0]
        let event = batch.events[1]
        #expect(batch.bytes.string(event.value) == text)
        #expect(batch.bytes.string(event.id) == "1/" && !event.idIsDerived)
        #expect(event.name.map(batch.bytes.string) == "a\"b")
        #expect(event.resourceID.map(batch.bytes.string) == "😀")
        #expect(event.time.map(batch.bytes.string) == "2026-01-05T10:00:00Z")
        #expect(event.timeMilliseconds == 1_767_607_200_000)
        let decodedCount = "1/a\"b😀2026-01-05T10:00:00Z".utf8.count
        #expect(batch.bytes.count == #"{"eventId":"0"},"#.utf8.count + text.utf8.count + decodedCount)
    }

    @Test("Of a name that stands twice the last one counts, and only an event's own fields do")
    func lastWins() throws {
        let batch = try Self.split(
            #"{"events":[{"event":"a","eventId":"1","event":"b","eventBody":{"event":"x","eventId":"y"},"#
                + #""eventId":"2","resourceId":"r","resourceId":null}]}"#
        )[0]
        #expect(batch.bytes.string(batch.events[0].id) == "2")
        #expect(batch.events[0].name.map(batch.bytes.string) == "b")
        #expect(batch.events[0].resourceID == nil)
    }

    @Test("A field that is no string, or an empty one, is absent; a number is an event id as it stands")
    func otherTypes() throws {
        let batch = try Self.split(
            #"{"batchId":7,"events":[{"eventId":-1.50e3,"event":1,"resourceId":true,"timestamp":{}},"#
                + #"{"eventId":[],"event":"","resourceId":""}]}"#
        )[0]
        #expect(batch.batchID == nil)
        #expect(batch.bytes.string(batch.events[0].id) == "-1.50e3" && !batch.events[0].idIsDerived)
        #expect(batch.events[1].idIsDerived)
        #expect(batch.events.allSatisfy { $0.name == nil && $0.resourceID == nil && $0.time == nil })
    }

    @Test("A time that is no RFC 3339 date-time is no time")
    func otherTimes() throws {
        let batch = try Self.split(
            #"{"events":[{"timestamp":"2026-02-30T00:00:00Z"},{"timestamp":"1767607200123"},"#
                + #"{"timestamp":"2026-01-05T10:00:00+01:00"}]}"#
        )[0]
        #expect(batch.events.map(\.timeMilliseconds) == [nil, nil, 1_767_603_600_000])
        #expect(batch.events.map { $0.time.map(batch.bytes.string) } == [nil, nil, "2026-01-05T10:00:00+01:00"])
    }

    @Test("An event without an id gets one, the same whenever the message comes again, in whatever pieces")
    func derivedIDs() throws {
        func ids(_ text: String, maxEventsPerBatch: Int = 100) throws -> [String] {
            try Self.split(text, maxEventsPerBatch: maxEventsPerBatch).flatMap { batch in
                batch.events.map { batch.bytes.string($0.id) + ($0.idIsDerived ? "!" : "") }
            }
        }
        let events = #"[{"a":1},{"eventId":"x"},{"eventId":null}]"#
        #expect(try ids(#"{"events":\#(events),"batchId":"b"}"#) == ["b-0!", "x", "b-2!"])
        #expect(try ids(#"{"events":\#(events),"batchId":"b"}"#, maxEventsPerBatch: 1) == ["b-0!", "x", "b-2!"])
        #expect(try ids(#"{"events":\#(events),"lastEventId":"p"}"#) == ["p-0!", "x", "p-2!"])
        #expect(try ids(#"{"events":\#(events),"timestamp":"t"}"#) == ["t-0!", "x", "t-2!"])
        // FNV-1a, 64 bits, of {"a":1}, computed apart.
        let hashed = try ids(#"{"events":\#(events)}"#)
        #expect(hashed[0] == "\(Self.fnv1a(#"{"a":1}"#))-0!" && hashed[0] != hashed[2])
        // A prefix that every event would repeat is not taken when it is long.
        let long = String(repeating: "b", count: 129)
        #expect(try ids(#"{"events":\#(events),"batchId":"\#(long)"}"#) == hashed)
    }

    @Test("A message above the limits goes on in pieces, and only the last one has the position (S2.5)")
    func pieces() throws {
        let event = #"{"eventId":"0123456789"}"#  // 24 bytes
        let events = Array(repeating: event, count: 10).joined(separator: ",")
        let text = #"{"lastEventId":"p","batchId":"b","events":[\#(events)]}"#
        let byCount = try Self.split(text, maxEventsPerBatch: 4)
        #expect(byCount.map(\.events.count) == [4, 4, 2])
        #expect(byCount.map(\.endsMessage) == [false, false, true])
        #expect(byCount.map { $0.position?.value } == [nil, nil, "p"])
        #expect(byCount.map(\.batchID) == ["b", "b", "b"])
        #expect(byCount.map(\.bytes.count) == [99, 99, 49])
        #expect(try Self.split(text, maxBatchBytes: 74).map(\.events.count) == [3, 3, 3, 1])
        #expect(try Self.split(text, maxBatchBytes: 73).map(\.events.count) == [2, 2, 2, 2, 2])
        #expect(try Self.split(text, maxBatchBytes: 1).map(\.events.count) == Array(repeating: 1, count: 10))
    }

    @Test(
        "A message that is no batch says what is wrong and where, and shows nothing of itself (S2.1, S2.7)",
        arguments: [
            ("[]", .notAnObject, 0), (" 1", .notAnObject, 1), ("\"x\"", .notAnObject, 0),
            (#"{"events":{}}"#, .eventsNotAnArray, 10), (#"{"events":false}"#, .eventsNotAnArray, 10),
            (#"{"events":[{},1,2]}"#, .eventNotAnObject, 14), (#"{"events":[null]}"#, .eventNotAnObject, 11),
            ("", .endsEarly, 0), ("{", .endsEarly, 1), (#"{"events":[{"a":"b"#, .endsEarly, 18),
            (#"{"events":[1],}"#, .unexpectedByte, 14), ("{} x", .trailingBytes, 3),
            (#"{"a":"\q"}"#, .invalidEscape, 6),
            (#"{"a":01}"#, .unexpectedByte, 6), (#"{"a":-}"#, .invalidNumber, 6),
            ("{\"a\":\"\u{1}\"}", .controlCharacter, 6),
        ] as [(String, MessageDefect.Reason, Int)]
    )
    func defects(text: String, reason: MessageDefect.Reason, offset: Int) {
        #expect(throws: MessageDefect(reason, at: offset)) { try Self.split(text) }
    }

    @Test("What people are shown of a batch id is bounded")
    func longBatchID() throws {
        let long = String(repeating: "é", count: 5000)
        #expect(try Self.split(#"{"batchId":"\#(long)"}"#)[0].batchID?.utf8.count == BatchSplitter.batchIDByteLimit)
    }

    @Test("A real body in its own white space keeps every byte (S2.4)")
    func realBody() throws {
        let batch = try Self.split(#"{"lastEventId":"1","events":[\#(GenesysBodies.customerStart)]}"#)[0]
        #expect(batch.bytes.string(batch.events[0].value) == GenesysBodies.customerStart)
        #expect(batch.events[0].timeMilliseconds == 1_649_237_445_013)
    }

    private static func split(
        _ text: String,
        maxEventsPerBatch: Int = 100,
        maxBatchBytes: Int = 1 << 20
    ) throws -> [NotificationBatch] {
        var splitter = BatchSplitter(maxEventsPerBatch: maxEventsPerBatch, maxBatchBytes: maxBatchBytes)
        return try splitter.split(Array(text.utf8).span)
    }

    private static func fnv1a(_ text: String) -> String {
        var hash: UInt64 = 14_695_981_039_346_656_037
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211 }
        return String(repeating: "0", count: hash.leadingZeroBitCount / 4) + String(hash, radix: 16)
    }
}
