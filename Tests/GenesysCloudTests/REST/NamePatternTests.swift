import Testing

@testable import GenesysCloud

@Suite
struct NamePatternTests {
    @Test(
        "A star stands for any run, a question mark for one character, and case makes no difference (S5.5)",
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("**", "", true),
            ("?", "", false), ("?", "ä", true), ("?", "👨‍👩‍👧", true), ("?", "ab", false),
            ("Sales*", "sales DE", true), ("Sales*", "Sales", true), ("Sales*", "Presales", false),
            ("*sales", "Pre-SALES", true), ("*sales", "Sales 2", false), ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false), ("a*b?d", "a-bcd-bxd", true), ("a*b?d", "a-bcd-bd", false),
            ("STRASSE-Ö", "strasse-ö", true), ("*.*", "a.b", true), ("a?c*", "abc", true), ("*abab", "abaabab", true),
            ("[a-z]", "b", false), ("[a-z]", "[A-Z]", true), (#"\*"#, #"\x"#, true), ("caf\u{E9}", "cafe\u{301}", true),
        ]
    )
    func matches(pattern: String, name: String, isMatch: Bool) {
        #expect(NamePattern(pattern).matches(name) == isMatch)
    }

    @Test("Many stars do not make it slow")
    func hostile() {
        let pattern = NamePattern(String(repeating: "a*", count: 60) + "b")
        // Backtracking over every star would take longer than the universe has been there.
        #expect(!pattern.matches(String(repeating: "a", count: 400)))
        #expect(pattern.matches(String(repeating: "a", count: 400) + "b"))
    }

    @Test("It finds what trying everything finds", arguments: [1, 2, 3])
    func reference(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var matchCount = 0
        for _ in 0..<3000 {
            let pattern = String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in "ab*?".randomElement(using: &random)! }
            )
            let name = String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in "ab".randomElement(using: &random)! }
            )
            let expected = Self.matches(pattern[...], name[...])
            matchCount += expected ? 1 : 0
            #expect(NamePattern(pattern).matches(name) == expected, "seed \(seed): \(pattern) \(name)")
        }
        #expect(100...2900 ~= matchCount)
    }

    private static func matches(_ pattern: Substring, _ name: Substring) -> Bool {
        switch pattern.first {
        case nil: name.isEmpty
        case "*":
            matches(pattern.dropFirst(), name) || (!name.isEmpty && matches(pattern, name.dropFirst()))
        case "?": !name.isEmpty && matches(pattern.dropFirst(), name.dropFirst())
        case let character: name.first == character && matches(pattern.dropFirst(), name.dropFirst())
        }
    }
}
