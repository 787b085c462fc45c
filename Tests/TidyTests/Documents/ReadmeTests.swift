import Testing

@Suite("The README")
struct ReadmeTests {
    private static let program = "genesys-kafka-bridge"
    private static let path = "README.md"

    @Test("the two commands for a newcomer are there and can be run", arguments: ["deploy/demo", "Tests/run"])
    func commands(path: String) throws {
        #expect(try Repository.text(of: Self.path).contains(path))
        #expect(Repository.isExecutable(path), "\(path) is a script that can be run")
    }

    @Test("every subcommand that the README names exists, and every one that help shows is named")
    func subcommands() throws {
        let commands = CommandDeclaration.all(in: Repository.sources.filter { $0.module == Self.program })
        #expect(!commands.isEmpty)
        var named: Set<String> = []
        for (index, line) in try Self.lines().enumerated() {
            for name in Self.subcommands(in: line) {
                named.insert(name)
                guard !commands.contains(where: { $0.name == name }) else { continue }
                Self.record(index + 1, "there is no subcommand '\(name)'", "name one that `--help` lists")
            }
        }
        for command in commands where command.isShown && command.name != Self.program && !named.contains(command.name) {
            Self.record(1, "the subcommand '\(command.name)' is not shown", "write \(Self.program) \(command.name)")
        }
    }

    @Test("every configuration key of the README exists, and every key that exists is in the README")
    func keys() throws {
        let table = try #require(
            MarkdownTable.all(in: Repository.text(of: Self.path)).first { $0.header.first == "Key" },
            "the README has a table of the configuration's keys"
        )
        let sources = Repository.sources.filter { $0.path.hasPrefix("Sources/\(Self.program)/Configuration/") }
        let declared = Set(sources.flatMap { ConfigurationKey.names(in: $0.tokens) })
        #expect(declared.count > 40)
        var shown: Set<String> = []
        for row in table.rows {
            let keyPath = MarkdownTable.code(in: row.cells[0]) ?? ""
            let names = keyPath.split(separator: ".").map { $0.hasSuffix("[]") ? String($0.dropLast(2)) : String($0) }
            shown.formUnion(names)
            if names.isEmpty || !names.allSatisfy(declared.contains) {
                Self.record(row.line, "there is no key '\(keyPath)'", "copy what `validate --print-reference` prints")
            }
        }
        for name in declared.subtracting(shown).sorted() {
            Self.record(1, "the key '\(name)' is not shown", "copy what `validate --print-reference` prints")
        }
    }

    @Test("every file and folder that the README names exists")
    func files() throws {
        for (index, line) in try Self.lines().enumerated() {
            for part in line.split(whereSeparator: { !$0.isLetter && !$0.isNumber && !"./-_".contains($0) }) {
                let folders = ["Sources/", "Tests/", "deploy/", "docker/"]
                guard folders.contains(where: { part.hasPrefix($0) }) else { continue }
                let path = String(part).split(separator: "/").joined(separator: "/")
                guard !Repository.exists(path.hasSuffix(".") ? String(path.dropLast()) : path) else { continue }
                Self.record(index + 1, "there is no \(path)", "name what is there")
            }
        }
    }

    private static func lines() throws -> [Substring] {
        try Repository.text(of: self.path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The words behind the program's name, where they are its arguments.
    static func subcommands(in line: Substring) -> [String] {
        line.ranges(of: "\(self.program) ").compactMap { range in
            let before = line[..<range.lowerBound].last
            guard before == nil || before == "`" || before == " " || before == "/" else { return nil }
            let isCode = line.hasPrefix("    ") || before == "/" || line.hasPrefix("\(self.program) ") || before == "`"
            let word = line[range.upperBound...].prefix { $0.isLowercase || $0 == "-" }
            return isCode && !word.isEmpty && !word.hasPrefix("-") ? String(word) : nil
        }
    }

    private static func record(_ line: Int, _ rule: String, _ instead: String) {
        Violation.record([Violation(path: self.path, line: line, rule: rule, instead: instead)])
    }

    @Test("subcommands and keys are read as they are written")
    func reading() {
        #expect(Self.subcommands(in: "Try `genesys-kafka-bridge run --config a`.") == ["run"])
        #expect(Self.subcommands(in: "genesys-kafka-bridge health") == ["health"])
        #expect(Self.subcommands(in: "genesys-kafka-bridge --version") == [])
        #expect(Self.subcommands(in: "The genesys-kafka-bridge reads a file.") == [])
        let keys = """
            static let a = Setting("alpha", .word(), default: 1, "x")
            static let b = Setting<Int?>("beta", c)
            static let c = BareSetting(required: "gamma", d, "y")
            static let d = [.section("delta", e), SettingDefinition(key: "epsilon", meaning: "z")]
            static let e = [.list("zeta")]
            """
        #expect(ConfigurationKey.names(in: Lexer.tokens(of: keys)) == ["alpha", "beta", "gamma", "delta", "epsilon"])
        let command = SourceFile(
            path: "Sources/a/B.swift",
            text: "CommandConfiguration(commandName: \"echo\", abstract: \"a\", shouldDisplay: false)"
        )
        #expect(CommandDeclaration.all(in: [command]) == [CommandDeclaration(name: "echo", isShown: false)])
    }
}
