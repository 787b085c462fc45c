import Testing

/// The table of `JSONSuiteTests`.
enum JSONSuite {
    struct Example: Sendable, CustomTestStringConvertible {
        var bytes: [UInt8]
        /// Whether the fault is about a whole text: inside another one it would be none, or another.
        var isAboutTheWhole = false

        init(_ text: String, isAboutTheWhole: Bool = false) {
            self.bytes = Array(text.utf8)
            self.isAboutTheWhole = isAboutTheWhole
        }

        init(_ bytes: [UInt8], isAboutTheWhole: Bool = false) {
            self.bytes = bytes
            self.isAboutTheWhole = isAboutTheWhole
        }

        /// A string with `bytes` in it.
        static func string(_ bytes: UInt8...) -> Example {
            Example([0x5B, 0x22] + bytes + [0x22, 0x5D])
        }

        var testDescription: String { String(decoding: self.bytes, as: UTF8.self).debugDescription }
    }

    static let mustAccept: [Example] = [
        // Structure
        "[]", "{}", "[ ]", "[[]   ]", "[[],[[]]]", "[\"\"]", "[null, 1, \"1\", {}]", "[1,null,null,null,2]", "[1\n]",
        " [1]", "[2] ",
        "\t\r\n [ ] \n", "[\"a\"]\n", "{\"a\":[]}", "{ \"a\" : \"b\" }", "{\"a\":\"b\",\"c\":\"d\"}", "{\"\":0}",
        "{\"a\":{}}",
        "{\"a\":\"b\",\"a\":\"c\"}", "{\"a\":\"b\",\"a\":\"b\"}", "{\"foo\\u0000bar\": 42}", "{\n\"a\": \"b\"\n}",
        "{\"min\": -1.0e+28, \"max\": 1.0e+28}", "{\"x\":[{\"id\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]}",
        "{\"title\":\"\\u041f\\u043e\\u043b\"}",
        // Scalars on their own
        "false", "42", "-0.1", "null", "\"asd\"", "true", "\"\"", " 1 ", "0",
        // Numbers
        "[123e65]", "[0e+1]", "[0e1]", "[ 4]",
        "[-0.000000000000000000000000000000000000000000000000000000000000000000000001]",
        "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]",
        "[1e+2]", "[123]",
        "[123.456789]", "[0.0]", "[-0.0e-00]", "[10]", "[1.10]", "[9007199254740993]",
        // Strings
        "[\"\\u0060\\u012a\\u12AB\"]", "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
        "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
        "[\"\\\\u0000\"]", "[\"\\\"\"]", "[\"a/*b*/c/*d//e\"]", "[\"\\\\a\"]", "[\"\\\\n\"]", "[\"\\u0012\"]",
        "[\"\\uFFFF\"]", "[\"asd\"]",
        "[ \"asd\"]", "[\"\\uDBFF\\uDFFF\"]", "[\"new\\u00A0line\"]", "[\"\u{10FFFF}\"]", "[\"\u{FFFF}\"]",
        "[\"\\u0000\"]", "[\"\\u002c\"]",
        "[\"π\"]", "[\"\u{1BFFF}\"]", "[\"asd \"]", "\" \"", "[\"\\uD834\\uDd1e\"]", "[\"\\u0821\"]", "[\"\\u0123\"]",
        "[\"\u{2028}\"]",
        "[\"\u{2029}\"]", "[\"\\u0061\\u30af\\u30EA\\u30b9\"]", "[\"\u{7F}\"]", "[\"\\uA66D\"]", "[\"\\u005C\"]",
        "[\"⍂㈴⍂\"]", "[\"\\u200B\"]",
        "[\"\\u2064\"]", "[\"\\uFDD0\"]", "[\"\\uFFFE\"]", "[\"\\u0022\"]", "[\"€𝄞\"]", "[\"aa\u{7F}a\"]",
        "[\"\u{FEFF}\"]",
    ].map { Example($0) }

    static let mustRefuse: [Example] =
        [
            // Arrays
            "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x",
            "[3[4]]", "[1:2]", "[,]", "[-]",
            "[   , \"\"]", "[\"a\",\n4\n,1,", "[1,]", "[1,,]", "[\"\u{B}a\"\\f]", "[*]", "[\"\"", "[1,", "[1,\n1\n,1",
            "[{}", "[", "]", "[}", "[1}",
            // Objects
            "[\"x\", truth]", "{[: \"x\"}\n", "{\"x\", null}", "{\"x\"::\"b\"}", "{🇨🇭}", "{\"a\":\"a\" 123}",
            "{key: 'value'}", "{\"a\" b}", "{:\"b\"}",
            "{\"a\" \"b\"}", "{\"a\":", "{\"a\"", "{1:1}", "{9999E9999:1}", "{null:null,null:null}", "{\"id\":0,,,,,}",
            "{'a':0}", "{\"id\":0,}",
            "{\"a\":\"b\"}/**/", "{\"a\":\"b\"}/**//", "{\"a\":\"b\"}//", "{\"a\":\"b\"}/",
            "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a", "{ \"foo\" : \"bar\", \"a\" }",
            "{\"a\":\"b\"}#", "{", "}", "{]", "{,", "{\"a\"}", "{\"a\":}", "{\"a\":1,", "{\"a\":1]", "{\"\\u0061\" 1}",
            "{\"a\":1 \"b\":2}",
            // Literals
            "[nul]", "[fals]", "[tru]", "[True]", "[TRUE]", "[nulL]", "[NaN]", "[nan]", "[Infinity]", "[-Infinity]",
            "[undefined]", "[truefalse]",
            "[true1]", "[nulll]", "t", "n", "f", "nu", "[t", "[fa",
            // Numbers
            "[-01]", "[01]", "[00]", "[-00]", "[012]", "[-012]", "[.123]", "[-.123]", "[2.]", "[-2.]", "[2.e3]",
            "[2.e-3]", "[2.e+3]", "[0.e1]", "[.2e-3]",
            "[0.1.2]", "[0.3e+]", "[0.3e]", "[0E+]", "[0E]", "[1.0e+]", "[1.0e-]", "[1.0e]", "[1 000.0]", "[1eE2]",
            "[9.e+]", "[-1.0.]", "[1.2.3]",
            "[+1]", "[++1234]", "[+Inf]", "[-foo]", "[- 1]", "[--2.]", "[-a]", "[-", "-", "[0x1]", "[0x42]", "[0x]",
            "[1ea]", "[1e1.5]", "[1.2a-3]",
            "[1.8011670033376514H-308]", "[1_000]", "[\u{FF11}]", "[１]", "[1+2]", "[1-2]", "[.-1]", "[.]", "[e1]", "1.",
            "1e", "-0.", "[0 .1]", "[1,0 0]",
            // Strings
            "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\🌀\"]", "[\"\\\"]", "[\"\\u00A\"]", "[\"\\uD834\\uDd\"]",
            "[\"\\uD800\\uD800\\x\"]", "[\"\\a\"]",
            "[\"\\uqqqq\"]", "[\"\\u0g00\"]", "[\"\\u 123\"]", "[\"\\u+123\"]", "[\"\\U0041\"]", "[\"\\'\"]",
            "[\"\\v\"]", "[\"\\0\"]", "[\"\\e\"]", "[\"\\", "[\"\\\"",
            "[\"\\u", "[\"\\u1\"]", "[\"\\u12\"]", "[\"\\u123\"]", "[\"\\u00\u{E9}\"]", "[\"new\nline\"]", "[\"\t\"]",
            "[\"a\u{0}a\"]", "[\"\u{1F}\"]", "[\u{20AC}]",
            "[é]", "['']", "['single quote']", "[\\n]", "[\\u0020\"asd\"]", "[\"asd]", "[asd\"]", "\"", "\"abc",
            "[\"a\", b\"]", "abc", "\"\"x", "'a'",
            // White space that is none
            "[\u{C}]", "[\u{B}]", "[\u{A0}]", "[\u{2060}]", "[\u{0}]", "[1\u{0}]", "[1\u{85}]", "[\u{FEFF}1]",
            "[1,\u{3000}2]", "[1\u{1F}]",
            // Comments and other dialects
            "[1/**/]", "// c\n[1]", "/**/[1]", "[1]//", "[1,2,#\n]", "<.>", "[<null>]", "&", "*", "[\"a\"a]", "(1)",
            "[1;2]", "{\"a\":1;}", "[a\"b\"]",
        ].map { Example($0) }
        + [
            "", " ", "\n\r\t ", "[1]x", "[][]", "2@", "{}}", "{\"\":[", "1]", "2 3", "[]{}", "true false", "{} ,",
            "\u{FEFF}", "\u{FEFF}{}", "\u{FEFF}[]",
            "{\"a\":/*comment*/\"b\"} {", "]", "}", "\u{0}", "{}\u{0}", "[][", "{\"\"\n:1}}", "{\"a\":true} \"x\"",
        ].map { Example($0, isAboutTheWhole: true) }
        + [
            // UTF-8 (RFC 3629), and CESU-8
            .string(0xFF), .string(0xFE), .string(0x80), .string(0xBF), .string(0xC0, 0xAF), .string(0xC1, 0xBF),
            .string(0xC2), .string(0xC3, 0x28),
            .string(0xE0, 0x80, 0xAF), .string(0xE0, 0x9F, 0xBF), .string(0xE2, 0x82), .string(0xE2, 0x28, 0xA1),
            .string(0xE2, 0x82, 0x28),
            .string(0xED, 0xA0, 0x80), .string(0xED, 0xBF, 0xBF), .string(0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80),
            .string(0xF0, 0x80, 0x80, 0xAF), .string(0xF0, 0x8F, 0xBF, 0xBF), .string(0xF0, 0x9F, 0x98),
            .string(0xF0, 0x9F, 0x28, 0x80),
            .string(0xF4, 0x90, 0x80, 0x80), .string(0xF5, 0x80, 0x80, 0x80), .string(0xF8, 0x88, 0x80, 0x80, 0x80),
            .string(0xFC, 0x84, 0x80, 0x80, 0x80, 0x80), .string(0xC3, 0xA9, 0xA9), .string(0x41, 0xE9, 0x42),
            Example([0x5B, 0x22, 0x5C, 0xE5, 0x22, 0x5D]), Example([0x5B, 0x22, 0x5C, 0x75, 0xE5, 0x22, 0x5D]),
            Example([0x5B, 0xE5, 0x5D]),
            Example([0x5B, 0x31, 0xE5, 0x5D]), Example([0x5B, 0x30, 0xE5, 0x5D]),
            Example([0x5B, 0x31, 0x65, 0x31, 0xE5, 0x5D]), Example([0x5B, 0xFF, 0x5D]),
            Example([0x7B, 0x22, 0xB9, 0x22, 0x3A, 0x22, 0x30, 0x22, 0x7D]), Example([0x5B, 0x22, 0xC3]),
            Example([0x5B, 0x22, 0xF0, 0x9F, 0x98, 0x80]),
            // UTF-16 and UTF-32, and byte order marks
            Example([0xFF, 0xFE, 0x5B, 0x00, 0x5D, 0x00], isAboutTheWhole: true),
            Example([0xFE, 0xFF, 0x00, 0x5B, 0x00, 0x5D], isAboutTheWhole: true),
            Example([0x5B, 0x00, 0x5D, 0x00], isAboutTheWhole: true),
            Example([0x00, 0x5B, 0x00, 0x5D], isAboutTheWhole: true),
            Example([0xEF, 0xBB, 0xBF], isAboutTheWhole: true),
            Example([0xEF, 0xBB, 0x7B, 0x7D], isAboutTheWhole: true),
        ]

    /// RFC 8259 section 8.2 allows escaped halves of surrogate pairs and says that what they do is unpredictable: they
    /// pass, the event's bytes stay as they are. Section 6 sets no limit to a number: it is not computed, so it cannot
    /// overflow.
    static let openAccepted: [Example] = [
        "[\"\\uDADA\"]", "[\"\\uD888\\u1234\"]", "[\"\\uD800\\n\"]", "[\"\\uDd1ea\"]", "[\"\\uD800\\uD800\\n\"]",
        "[\"\\ud800\"]", "[\"\\ud800abc\"]",
        "[\"\\uDd1e\\uD834\"]", "[\"\\uDFAA\"]", "[123.456e-789]",
        "[0.4e00669999999999999999999999999999999999999999999969999999006]", "[-1e+9999]",
        "[1.5e+9999]", "[-123123e100000]", "[123123e100000]", "[123123e-10000000]", "[-123123123123123123123123123123]",
        "[100000000000000000000]",
        "[-237462374673276894279832749832423479823246327846]",
    ].map { Example($0) }

    /// Section 8.1 lets a parser ignore a byte order mark or refuse it: it is refused. Section 9 lets it limit nesting.
    static let openRefused: [Example] = [
        Example([0xEF, 0xBB, 0xBF, 0x7B, 0x7D]), Example([0xEF, 0xBB, 0xBF, 0x5B, 0x5D]),
        Example(String(repeating: "[", count: 600) + String(repeating: "]", count: 600)),
    ]
}
