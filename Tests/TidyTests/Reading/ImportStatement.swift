/// An `import`, whatever stands before it: `public import A`, `@preconcurrency import struct A.B`.
struct ImportStatement: Hashable {
    private static let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]

    var module: String
    var line: Int

    static func all(in tokens: [Token]) -> [ImportStatement] {
        tokens.indices.compactMap { index in
            guard tokens[index].isWord("import"), index + 1 < tokens.count else { return nil }
            let isKind = Self.kinds.contains(tokens[index + 1].text) && index + 2 < tokens.count
            return ImportStatement(module: tokens[index + (isKind ? 2 : 1)].text, line: tokens[index].line)
        }
    }
}
