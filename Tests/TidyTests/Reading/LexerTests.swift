import Testing

@Suite("The lexer")
struct LexerTests {
    private func texts(_ code: String) -> [String] {
        Lexer.tokens(of: code).map { $0.kind == .string ? "'\($0.text)'" : $0.text }
    }

    @Test("comments are no tokens, also nested and over several lines")
    func comments() {
        #expect(self.texts("a // b\nc /* d /* e */ f\n */ g") == ["a", "c", "g"])
        #expect(Lexer.tokens(of: "/*\n\n*/ a").map(\.line) == [3])
    }

    @Test("a string is one token, and the code in it is code")
    func strings() {
        #expect(self.texts(#"a("b // c { \" d")"#) == ["a", "(", #"'b // c { \" d'"#, ")"])
        #expect(
            self.texts(#""a \(b("c", d: { 1 })) e""#) == [
                "(", "b", "(", "'c'", ",", "d", ":", "{", "1", "}", ")", ")", "'a  e'",
            ]
        )
        #expect(self.texts(##"#"a "b" \(c) \#(d)"# e"##) == ["(", "d", ")", ##"'a "b" \(c) '"##, "e"])
    }

    @Test("a string of several lines keeps the count of lines")
    func longStrings() {
        let tokens = Lexer.tokens(of: "let a = \"\"\"\n    { \"b\" \\\n    c\n    \"\"\"\nd")
        #expect(tokens.last == Token(kind: .word, text: "d", line: 5, isAttached: false))
        #expect(tokens.count == 5)
    }

    @Test("names in backticks, directives and attributes are words")
    func words() {
        #expect(self.texts("func `a b`() {}") == ["func", "`a b`", "(", ")", "{", "}"])
        #expect(self.texts("#if a\n@Test b") == ["#if", "a", "@Test", "b"])
    }
}
