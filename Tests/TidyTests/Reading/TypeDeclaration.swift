/// A type, or an extension of one, at the top level of a file.
struct TypeDeclaration: Hashable {
    private static let keywords: Set<String> = ["struct", "class", "enum", "actor", "protocol", "extension"]

    /// With its path where it has one: `NIODeadline`, `TLSFailure.Stage`.
    var name: String
    var isExtension: Bool
    var line: Int

    static func topLevel(in tokens: [Token]) -> [TypeDeclaration] {
        var result: [TypeDeclaration] = []
        var index = 0
        while index + 1 < tokens.count {
            let token = tokens[index]
            if token.isMark("{") || token.isMark("(") || token.isMark("[") {
                index = FunctionBody.closing(tokens, index)
            } else if token.kind == .word, Self.keywords.contains(token.text), tokens[index + 1].kind == .word {
                var name = tokens[index + 1].text
                var end = index + 2
                while end + 1 < tokens.count, tokens[end].isMark("."), tokens[end].isAttached {
                    name += ".\(tokens[end + 1].text)"
                    end += 2
                }
                result.append(TypeDeclaration(name: name, isExtension: token.text == "extension", line: token.line))
            }
            index += 1
        }
        return result
    }
}
