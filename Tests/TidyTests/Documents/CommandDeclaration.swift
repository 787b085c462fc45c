/// A subcommand, as its source declares it.
struct CommandDeclaration: Hashable {
    var name: String
    /// Whether `--help` shows it.
    var isShown: Bool

    static func all(in files: [SourceFile]) -> [CommandDeclaration] {
        files.flatMap { file in
            file.indices(of: ["CommandConfiguration"]).compactMap { index in
                let arguments = TokenPattern.arguments(file.tokens, index)
                let label = arguments.indices.first { TokenPattern.matches(arguments, $0, ["commandName", ":"]) }
                guard let label, label + 2 < arguments.count, arguments[label + 2].kind == .string else { return nil }
                let isHidden = arguments.indices.contains {
                    TokenPattern.matches(arguments, $0, ["shouldDisplay", ":", "false"])
                }
                return CommandDeclaration(name: arguments[label + 2].text, isShown: !isHidden)
            }
        }
    }
}
