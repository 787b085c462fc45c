import BridgeCore
import Testing

@Suite("JSON pointers")
struct JSONPointerTests {
    @Test(
        "a pointer is read as RFC 6901 has it",
        arguments: [
            ("", []), ("/a/b", ["a", "b"]), ("/", [""]), ("/a//b", ["a", "", "b"]), ("/a~1b", ["a/b"]),
            ("/m~0n", ["m~n"]), ("/~01", ["~1"]), ("/é/ ", ["é", " "]),
        ] as [(String, [String])]
    )
    func names(text: String, expected: [String]) throws {
        let pointer = try #require(JSONPointer(text))
        #expect(pointer.steps.map { String(decoding: $0.name, as: UTF8.self) } == expected)
        #expect(pointer.description == text)
    }

    @Test("digits without a leading zero are an index as well as a name")
    func indexes() throws {
        let pointer = try #require(JSONPointer("/0/12/012/-/1x/9999999999"))
        #expect(pointer.steps.map(\.index) == [0, 12, nil, nil, nil, nil])
    }

    @Test("what is no pointer, or has too many steps, is refused", arguments: ["a", "a/b", "/~", "/a~2", "/~1~"])
    func refused(text: String) {
        #expect(JSONPointer(text) == nil)
        #expect(JSONPointer(String(repeating: "/a", count: JSONPointer.stepCountMax)) != nil)
        #expect(JSONPointer(String(repeating: "/a", count: JSONPointer.stepCountMax + 1)) == nil)
    }
}
