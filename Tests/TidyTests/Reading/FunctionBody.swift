/// A piece of code with a name and a body in braces: a function, an initialiser, a subscript or a computed property.
struct FunctionBody: Hashable {
    var name: String
    /// The line of its keyword.
    var line: Int
    /// From the line of its keyword to the line of its closing brace, both counted.
    var lineCount: Int

    private static let declarations: Set<String> = [
        "func", "init", "deinit", "subscript", "var", "let", "case", "struct", "class", "enum", "actor", "protocol",
        "extension", "typealias", "import",
    ]

    /// All of them, nested ones too.
    static func all(in tokens: [Token]) -> [FunctionBody] {
        tokens.indices.compactMap { index in
            guard let name = Self.name(tokens, index), let open = Self.openingBrace(tokens, after: index) else {
                return nil
            }
            let close = Self.closing(tokens, open)
            return FunctionBody(
                name: name,
                line: tokens[index].line,
                lineCount: tokens[close].line - tokens[index].line + 1
            )
        }
    }

    private static func name(_ tokens: [Token], _ index: Int) -> String? {
        let next = index + 1 < tokens.count ? tokens[index + 1] : nil
        let isMember = index > 0 && tokens[index - 1].isMark(".")
        guard tokens[index].kind == .word, !isMember, let next else { return nil }
        switch tokens[index].text {
        case "func", "var": return next.text
        case "init": return next.kind == .mark && "(?!<".contains(next.text) ? "init" : nil
        case "subscript": return next.isMark("(") || next.isMark("<") ? "subscript" : nil
        case "deinit": return "deinit"
        default: return nil
        }
    }

    /// The brace that opens the body; nil where there is none, as in a protocol or for a stored property.
    private static func openingBrace(_ tokens: [Token], after start: Int) -> Int? {
        var depth = 0
        for index in (start + 1)..<tokens.count {
            let token = tokens[index]
            switch (token.kind, token.text) {
            case (.mark, "("), (.mark, "["):
                depth += 1
            case (.mark, ")"), (.mark, "]"):
                depth -= 1
                if depth < 0 { return nil }
            case (.mark, "{") where depth == 0:
                return index
            case (.mark, "}") where depth == 0, (.mark, ";") where depth == 0:
                return nil
            case (.mark, "=") where depth == 0 && !tokens[start].isWord("func"):
                // A stored property; `==` and the like do not occur before a body.
                return nil
            case (.word, let text) where depth == 0 && token.line > tokens[index - 1].line:
                if Self.declarations.contains(text) || text.hasPrefix("@") || text.hasPrefix("#") { return nil }
            default:
                break
            }
        }
        return nil
    }

    /// The mark that closes the one at `open`.
    static func closing(_ tokens: [Token], _ open: Int) -> Int {
        let pairs = ["{": "}", "(": ")", "[": "]", "<": ">"]
        guard let end = pairs[tokens[open].text] else { return open }
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].isMark(tokens[open].text) { depth += 1 }
            if tokens[index].isMark(end) { depth -= 1 }
            if depth == 0 { return index }
        }
        return tokens.count - 1
    }
}
