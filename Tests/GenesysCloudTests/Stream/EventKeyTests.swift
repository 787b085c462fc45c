import BridgeCore
import GenesysCloud
import Testing

/// Keys inside events.
@Suite("Keys of events")
struct EventKeyTests {
    /// What `pointer` finds in `event`, which stands among other bytes as in a batch.
    private func find(_ pointer: String, in event: [UInt8]) throws -> [UInt8]? {
        let before = Array("[[{".utf8)
        let bytes = MessageBytes(before + event + Array("}\"".utf8))
        var tail = Array("other".utf8)
        let range = ByteRange(offset: UInt32(before.count), length: UInt32(event.count))
        guard let key = EventKey.find(try #require(JSONPointer(pointer)), in: bytes, range, decodingInto: &tail) else {
            #expect(tail.count == 5)
            return nil
        }
        guard key.start >= bytes.count else { return bytes.array(key) }
        let start = key.start - bytes.count
        return Array(tail[start..<start + key.count])
    }

    @Test(
        "a string's content or a number's digits; nothing for anything else (Records: key)",
        arguments: [
            (#"{"a":{"b":"x"},"b":"y"}"#, "/a/b", "x"), (#"{"a":{"b":"x"},"b":"y"}"#, "/b", "y"),
            (#"{ "a" : [ 1 , { "b" : "x" } ] }"#, "/a/1/b", "x"), (#"{"a":{"1":"x"}}"#, "/a/1", "x"),
            (#"{"a":-1.50e3}"#, "/a", "-1.50e3"),
            (#"{"a":123456789012345678901234567890}"#, "/a", "123456789012345678901234567890"),
            (#"{"a":"q\/r\u00e9\ud83d\ude00"}"#, "/a", "q/ré😀"), (#"{"\u0061":"x"}"#, "/a", "x"),
            (#"{"a/b":{"m~n":"x"}}"#, "/a~1b/m~0n", "x"), (#"{"é":"x"}"#, "/é", "x"),
            (#"{"a":"x","a":"y"}"#, "/a", "y"), (#"{"a":{"b":"x"},"a":{}}"#, "/a/b", nil),
            (#"{"a":true}"#, "/a", nil), (#"{"a":null}"#, "/a", nil), (#"{"a":{}}"#, "/a", nil),
            (#"{"a":[]}"#, "/a", nil),
            (#"{"a":""}"#, "/a", nil), (#"{"a":"x"}"#, "/a/b", nil), (#"{"a":"x"}"#, "/A", nil),
            (#"{"a":"x"}"#, "/a/0", nil), (#"{"a":["x"]}"#, "/a/00", nil), (#"{"a":["x"]}"#, "/a/1", nil),
            (#"{"a":["x"]}"#, "/a/-", nil), (#"{"ab":"x"}"#, "/a", nil), (#"{}"#, "/a", nil), (#"{"a":"x"}"#, "", nil),
        ] as [(String, String, String?)]
    )
    func values(event: String, pointer: String, expected: String?) throws {
        #expect(try self.find(pointer, in: Array(event.utf8)) == expected.map { Array($0.utf8) })
    }

    @Test("a value that is longer than a key may be is none")
    func long() throws {
        let most = String(repeating: "k", count: EventKey.byteCountMax)
        #expect(try self.find("/a", in: Array(#"{"a":"\#(most)"}"#.utf8)) == Array(most.utf8))
        #expect(try self.find("/a", in: Array(#"{"a":"\#(most)k"}"#.utf8)) == nil)
    }

    @Test("it finds what the reference finds, in any JSON text", arguments: [1, 7, 42] as [UInt64])
    func agreesWithReference(seed: UInt64) throws {
        var generator = DocumentGenerator(seed: seed)
        var found = 0
        for round in 0..<300 {
            let document = generator.document()
            let value = try #require(ReferenceParser.parse(document))
            for names in [
                ["batchId"], ["events", "0", "eventId"], ["events", "1", "eventBody", "a"], ["other", "é"],
            ] {
                let expected = Self.content(at: names, of: value, in: document)
                let key = try self.find("/" + names.joined(separator: "/"), in: document)
                #expect(key == expected, "seed \(seed), round \(round): \(names)")
                found += key == nil ? 0 : 1
            }
        }
        #expect(found > 50, "a comparison in which nothing is found would compare nothing")
    }

    private static func content(at names: [String], of value: ReferenceValue, in document: [UInt8]) -> [UInt8]? {
        var value = value
        for name in names {
            switch value.meaning {
            case .object(let members):
                guard let member = members.last(where: { $0.name == name }) else { return nil }
                value = member.value
            case .array(let elements):
                guard let index = Int(name), index < elements.count else { return nil }
                value = elements[index]
            case .string, .number, .null, .bool: return nil
            }
        }
        switch value.meaning {
        case .string: return value.nonEmptyText.map { Array($0.utf8) }
        case .number: return Array(document[value.range])
        case .object, .array, .null, .bool: return nil
        }
    }
}
