import Testing

/// Why Foundation's parsers are not what the splitter is checked against: the places where they are known to differ
/// from RFC 8259 (Swift 6.3 on Linux), with the splitter right in each.
@Suite
struct FoundationDifferencesTests {
    @Test(
        "What Foundation accepts although RFC 8259 forbids it is refused",
        arguments: [
            ("[1,2,]", "a trailing comma: JSONSerialization, and JSONDecoder, accept it"),
            ("{\"a\":1,}", "a trailing comma in an object: the same"),
            ("[01]", "a leading zero: JSONDecoder accepts it in a field that nobody reads"),
            ("[-01]", "the same behind a minus"),
            ("[\"\\x\"]", "an escape that is none: JSONDecoder accepts it in a field that nobody reads"),
            ("[\"\\u12\"]", "an escape cut short: the same"),
            ("[\"a\nb\"]", "a control character in a string: JSONDecoder accepts it in a field that nobody reads"),
            ("\u{FEFF}{}", "a byte order mark: Foundation takes it off, this parser refuses it as RFC 8259 allows"),
        ]
    )
    func refused(text: String, difference: String) {
        #expect(JSONSuiteTests.verdict(Array(text.utf8)) == .refused, "\(difference)")
        #expect(ReferenceParser.parse(Array(text.utf8)) == nil)
    }

    @Test("Bytes that are not UTF-8, which JSONDecoder accepts in a field that nobody reads, are refused")
    func notUTF8() {
        for bytes: [UInt8] in [[0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xFF]] {
            #expect(JSONSuiteTests.verdict([0x22] + bytes + [0x22]) == .refused)
        }
    }

    @Test("UTF-16 and UTF-32, which Foundation detects and reads, are refused: RFC 8259 section 8.1 says UTF-8")
    func otherEncodings() {
        let text = "{\"events\":[]}"
        let utf16 = text.utf8.flatMap { [$0, 0] as [UInt8] }
        let utf32 = text.utf8.flatMap { [0, 0, 0, $0] as [UInt8] }
        #expect(JSONSuiteTests.verdict(utf16) == .refused)
        #expect(JSONSuiteTests.verdict([0xFF, 0xFE] + utf16) == .refused)
        #expect(JSONSuiteTests.verdict(utf32) == .refused)
    }

    @Test(
        "What Foundation refuses although RFC 8259 allows it is accepted",
        arguments: [
            ("[\"\\ud800\"]", "half a surrogate pair: JSONSerialization refuses it"),
            ("[\"\\udc00\\ud800\"]", "two halves in the wrong order: the same"),
            ("[1e400]", "a number that no Double holds: JSONSerialization and JSONDecoder refuse it"),
            ("[123456789012345678901234567890123456789012]", "a number of any length"),
        ]
    )
    func accepted(text: String, difference: String) {
        #expect(JSONSuiteTests.verdict(Array(text.utf8)) == .accepted, "\(difference)")
        #expect(ReferenceParser.parse(Array(text.utf8)) != nil)
    }
}
