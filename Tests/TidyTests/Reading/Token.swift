/// One piece of Swift code. Comments are no tokens; what stands in a string is one token, apart from its interpolations.
struct Token: Hashable {
    enum Kind: Hashable {
        /// An identifier, a keyword, an attribute or a compiler directive: `func`, `@Test`, `#if`.
        case word
        case number
        /// The literal characters of a string, without its interpolations.
        case string
        /// One character of punctuation.
        case mark
    }

    var kind: Kind
    var text: String
    /// Counted from 1.
    var line: Int
    /// Whether nothing stands between this token and the one before.
    var isAttached: Bool

    func isMark(_ text: String) -> Bool { self.kind == .mark && self.text == text }

    func isWord(_ text: String) -> Bool { self.kind == .word && self.text == text }
}
