/// Small questions about a place in a list of tokens.
enum TokenPattern {
    /// Whether the tokens from `index` on are exactly these texts, and none of them from a string.
    static func matches(_ tokens: [Token], _ index: Int, _ texts: [String]) -> Bool {
        guard index >= 0, index + texts.count <= tokens.count else { return false }
        return texts.indices.allSatisfy { offset in
            let token = tokens[index + offset]
            return token.kind != .string && token.text == texts[offset]
        }
    }

    /// Whether the token at `index` is the name of a function that is called: no member of something, and no declaration.
    static func isFreeCall(_ tokens: [Token], _ index: Int) -> Bool {
        self.matches(tokens, index + 1, ["("]) && self.isFree(tokens, index)
    }

    /// Whether the token at `index` is a name of its own: no member of something, and no declaration.
    static func isFree(_ tokens: [Token], _ index: Int) -> Bool {
        guard index > 0 else { return true }
        return !tokens[index - 1].isMark(".") && !tokens[index - 1].isWord("func")
    }

    /// Whether the name at `index` is a member whose type comes from the context, as in `deadline: .now`.
    static func isImplicitMember(_ tokens: [Token], _ index: Int) -> Bool {
        guard index > 1, tokens[index - 1].isMark(".") else { return false }
        let before = tokens[index - 2]
        guard tokens[index - 1].isAttached else { return tokens[index].line == before.line }
        return before.kind == .mark && !")]>?!}".contains(before.text)
    }

    /// The arguments of the call whose name is at `index`.
    static func arguments(_ tokens: [Token], _ index: Int) -> [Token] {
        guard index + 1 < tokens.count, tokens[index + 1].isMark("(") else { return [] }
        return Array(tokens[(index + 2)..<max(index + 2, FunctionBody.closing(tokens, index + 1))])
    }
}
