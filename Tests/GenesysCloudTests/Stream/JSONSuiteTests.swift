import GenesysCloud
import Testing

/// The classes of the public JSON parsing test suites as a table of our own: what must be accepted, what must be
/// refused, and what RFC 8259 leaves to the parser, with what this one does.
@Suite
struct JSONSuiteTests {
    @Test("Texts that the grammar allows are accepted (S2.4)", arguments: JSONSuite.mustAccept)
    func accepts(_ example: JSONSuite.Example) {
        #expect(Self.verdict(example.bytes) == .accepted)
        #expect(Self.verdict(Self.insideEvent(example.bytes)) == .accepted)
        #expect(ReferenceParser.parse(example.bytes) != nil)
    }

    @Test("Texts that the grammar forbids are refused (S2.4)", arguments: JSONSuite.mustRefuse)
    func refuses(_ example: JSONSuite.Example) {
        #expect(Self.verdict(example.bytes) == .refused)
        #expect(ReferenceParser.parse(example.bytes) == nil)
        if !example.isAboutTheWhole {
            #expect(Self.verdict(Self.insideEvent(example.bytes)) == .refused)
        }
    }

    @Test("What the RFC leaves open is decided: accepted", arguments: JSONSuite.openAccepted)
    func acceptsOpen(_ example: JSONSuite.Example) {
        #expect(Self.verdict(example.bytes) == .accepted)
        #expect(Self.verdict(Self.insideEvent(example.bytes)) == .accepted)
        #expect(ReferenceParser.parse(example.bytes) != nil)
    }

    @Test("What the RFC leaves open is decided: refused", arguments: JSONSuite.openRefused)
    func refusesOpen(_ example: JSONSuite.Example) {
        #expect(Self.verdict(example.bytes) == .refused)
        #expect(ReferenceParser.parse(example.bytes) == nil)
    }

    @Test("Nesting is accepted down to the limit and refused below it, however deep, without recursion")
    func nesting() {
        func nested(_ levels: Int, _ open: String = "[", _ close: String = "]") -> [UInt8] {
            Array((String(repeating: open, count: levels) + String(repeating: close, count: levels)).utf8)
        }
        #expect(Self.verdict(nested(512)) == .accepted)
        #expect(Self.verdict(nested(513)) == .refused)
        #expect(Self.verdict(Self.insideEvent(nested(509))) == .accepted)  // message, events and event are three
        #expect(Self.verdict(Self.insideEvent(nested(510))) == .refused)
        #expect(Self.verdict(Array(String(repeating: "[", count: 1_000_000).utf8)) == .refused)
        #expect(Self.verdict(Array(String(repeating: "{\"\":", count: 500_000).utf8)) == .refused)
        let mixed = (0..<400).map { $0 % 3 == 0 ? "{\"a\":" : "[" }.joined()
        let closed = (0..<400).reversed().map { $0 % 3 == 0 ? "}" : "]" }.joined()
        #expect(Self.verdict(Array((mixed + "1" + closed).utf8)) == .accepted)
        #expect(Self.verdict(Array((mixed + "1" + closed.dropLast() + "]").utf8)) == .refused)
    }

    @Test("A string is checked at every alignment: the byte that ends the fast path can be anywhere")
    func alignments() {
        for padding in 0..<40 {
            let before = String(repeating: "a", count: padding)
            for after in [0, 1, 7, 8, 9, 30] {
                let rest = String(repeating: "b", count: after)
                let wrap: ([UInt8]) -> [UInt8] = { Array("\"\(before)".utf8) + $0 + Array("\(rest)\"".utf8) }
                for good in ["\u{7F}", "é", "€", "😀", "\\n", "\\u00e9", " ", "!", "#", "[", "]"] {
                    #expect(Self.verdict(wrap(Array(good.utf8))) == .accepted)
                }
                for bad: [UInt8] in [
                    [0x1F], [0x00], [0x80], [0xC1, 0xBF], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0x5C, 0x61],
                ] {
                    #expect(Self.verdict(wrap(bad)) == .refused)
                }
            }
        }
    }

    @Test(
        "A sequence of bytes is UTF-8 where the standard library says so"
    )
    func utf8Sequences() {
        for first in UInt8(0x80)...0xFF {
            for second: UInt8 in [0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF] {
                for rest: [UInt8] in [[], [0x80], [0xBF], [0x80, 0x80], [0xBF, 0xBF], [0x41], [0x80, 0x41]] {
                    let bytes = [first, second] + rest
                    let isValid = String(validating: bytes, as: UTF8.self) != nil
                    #expect(Self.verdict([0x22] + bytes + [0x22]) == (isValid ? .accepted : .refused))
                }
            }
        }
    }

    enum Verdict {
        case accepted, refused
    }

    /// Whether the grammar accepted `bytes`: a complaint about the shape comes only after the grammar's.
    static func verdict(_ bytes: [UInt8]) -> Verdict {
        var splitter = BatchSplitter(maxEventsPerBatch: 100, maxBatchBytes: 1 << 20)
        do throws(MessageDefect) {
            _ = try splitter.split(bytes.span)
            return .accepted
        } catch {
            switch error.reason {
            case .notAnObject, .eventsNotAnArray, .eventNotAnObject, .positionTooLong, .notANotification:
                return .accepted
            case .endsEarly, .unexpectedByte, .trailingBytes, .invalidUTF8, .invalidEscape, .controlCharacter,
                .invalidNumber, .tooDeep, .tooLarge:
                return .refused
            }
        }
    }

    private static func insideEvent(_ value: [UInt8]) -> [UInt8] {
        Array("{\"events\":[{\"eventId\":\"1\",\"eventBody\":".utf8) + value + Array("}]}".utf8)
    }
}
