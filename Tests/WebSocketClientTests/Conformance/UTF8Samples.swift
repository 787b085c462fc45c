/// Byte sequences of the classes of Markus Kuhn's UTF-8 stress test, which the Autobahn group 6 follows.
enum UTF8Samples {
    struct Valid: Sendable {
        var name: String
        var bytes: [UInt8]
    }

    struct Invalid: Sendable {
        var name: String
        var bytes: [UInt8]
        /// How many bytes must be seen to know that nothing can follow that makes the text valid. One more than
        /// `bytes.count` when only the end of the message tells.
        var detectableAfter: Int

        init(_ name: String, _ bytes: [UInt8], detectableAfter: Int) {
            self.name = name
            self.bytes = bytes
            self.detectableAfter = detectableAfter
        }
    }

    static let valid: [Valid] = [
        Valid(name: "empty text", bytes: []),
        Valid(name: "ASCII of 1 to 127", bytes: (1...127).map { $0 }),
        Valid(name: "NUL", bytes: [0]),
        Valid(name: "Greek", bytes: Array("κόσμε".utf8)),
        Valid(name: "mixed", bytes: Array("Hello-µ@ßöäüàá-UTF-8!!".utf8)),
        Valid(name: "CJK over several blocks of 64", bytes: Array(String(repeating: "漢字かな ascii ", count: 40).utf8)),
        Valid(name: "emoji", bytes: Array("🤖👩‍👩‍👧‍👦🇩🇪".utf8)),
        Valid(name: "U+0080, the first of two bytes", bytes: [0xC2, 0x80]),
        Valid(name: "U+07FF, the last of two bytes", bytes: [0xDF, 0xBF]),
        Valid(name: "U+0800, the first of three bytes", bytes: [0xE0, 0xA0, 0x80]),
        Valid(name: "U+D7FF, before the surrogates", bytes: [0xED, 0x9F, 0xBF]),
        Valid(name: "U+E000, behind the surrogates", bytes: [0xEE, 0x80, 0x80]),
        Valid(name: "U+FFFD", bytes: [0xEF, 0xBF, 0xBD]),
        Valid(name: "U+FFFE and U+FFFF, noncharacters", bytes: [0xEF, 0xBF, 0xBE, 0xEF, 0xBF, 0xBF]),
        Valid(name: "U+10000, the first of four bytes", bytes: [0xF0, 0x90, 0x80, 0x80]),
        Valid(name: "U+10FFFF, the last of all", bytes: [0xF4, 0x8F, 0xBF, 0xBF]),
    ]

    static let invalid: [Invalid] = [
        Invalid("a continuation byte alone", [0x80], detectableAfter: 1),
        Invalid("a continuation byte behind text", Array("Hello".utf8) + [0xBF, 0x41], detectableAfter: 6),
        Invalid("C0, never used", [0xC0, 0x80], detectableAfter: 1),
        Invalid("C1, never used", [0xC1, 0xBF], detectableAfter: 1),
        Invalid("F5, beyond Unicode", [0xF5, 0x80, 0x80, 0x80], detectableAfter: 1),
        Invalid("FE and FF", [0xFE, 0xFF], detectableAfter: 1),
        Invalid("a lead byte before ASCII", [0xC3, 0x28], detectableAfter: 2),
        Invalid("three bytes cut by ASCII", [0xE2, 0x82, 0x28], detectableAfter: 3),
        Invalid("four bytes cut by ASCII", [0xF0, 0x9F, 0x98, 0x28], detectableAfter: 4),
        Invalid("overlong slash in three bytes", [0xE0, 0x80, 0xAF], detectableAfter: 2),
        Invalid("overlong U+07FF", [0xE0, 0x9F, 0xBF], detectableAfter: 2),
        Invalid("overlong slash in four bytes", [0xF0, 0x80, 0x80, 0xAF], detectableAfter: 2),
        Invalid("overlong U+FFFF", [0xF0, 0x8F, 0xBF, 0xBF], detectableAfter: 2),
        Invalid("the first surrogate", [0xED, 0xA0, 0x80], detectableAfter: 2),
        Invalid("a pair of surrogates (CESU-8)", [0xED, 0xAD, 0xBF, 0xED, 0xB0, 0x80], detectableAfter: 2),
        Invalid("a surrogate behind Greek", Array("κόσμε".utf8) + [0xED, 0xA0, 0x80], detectableAfter: 12),
        Invalid("U+110000", [0xF4, 0x90, 0x80, 0x80], detectableAfter: 2),
        Invalid("U+1FFFFF", [0xF7, 0xBF, 0xBF, 0xBF], detectableAfter: 1),
        Invalid("five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80], detectableAfter: 1),
        Invalid("two bytes cut by the end", [0xC3], detectableAfter: 2),
        Invalid("three bytes cut by the end", [0xE2, 0x82], detectableAfter: 3),
        Invalid("four bytes cut by the end", [0xF0, 0x9F, 0x98], detectableAfter: 4),
        Invalid(
            "a bad byte behind 1,000 letters",
            [UInt8](repeating: 0x61, count: 1000) + [0xFF],
            detectableAfter: 1001
        ),
        Invalid(
            "a bad byte in the middle of 200 letters",
            [UInt8](repeating: 0x61, count: 130) + [0x80] + [UInt8](repeating: 0x61, count: 70),
            detectableAfter: 131
        ),
    ]
}
