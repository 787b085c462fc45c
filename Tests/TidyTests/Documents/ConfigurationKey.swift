/// The names of the configuration's keys, as the sources declare them: without the path to them, which only the running program
/// knows.
enum ConfigurationKey {
    private static let types: Set<String> = ["Setting", "BareSetting", "SettingDefinition", "section"]

    static func names(in tokens: [Token]) -> [String] {
        tokens.indices.compactMap { index in
            guard Self.types.contains(tokens[index].text), tokens[index].kind == .word, index + 1 < tokens.count else {
                return nil
            }
            var open = index + 1
            if tokens[open].isMark("<") { open = FunctionBody.closing(tokens, open) + 1 }
            guard TokenPattern.matches(tokens, open, ["("]), open + 1 < tokens.count else { return nil }
            let isLabelled = TokenPattern.matches(tokens, open + 2, [":"])
            let first = open + (isLabelled ? 3 : 1)
            guard first < tokens.count, tokens[first].kind == .string else { return nil }
            return tokens[first].text
        }
    }
}
