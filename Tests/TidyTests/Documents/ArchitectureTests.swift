import Testing

@Suite("The architecture page")
struct ArchitectureTests {
    private static let path = "Sources/genesys-kafka-bridge/GenesysKafkaBridge.docc/Architecture.md"
    private static let header = ["Stage", "File", "Receives", "Hands to", "Holds at most"]
    private static let words = ["receives", "hands to", "holds at most"]
    /// The modules that the data passes through.
    private static let modules: Set = [
        "WebSocketClient", "GenesysCloud", "BridgeCore", "BridgeRuntime", "KafkaDelivery", "RDKafka",
    ]

    /// The data path, and then the stages beside it.
    private static func tables() throws -> (path: MarkdownTable, beside: MarkdownTable) {
        let tables = MarkdownTable.all(in: try Repository.text(of: Self.path)).filter { $0.header == Self.header }
        try #require(tables.count == 2, "\(Self.path) has a table of the data path and one of the stages beside it")
        return (tables[0], tables[1])
    }

    @Test("every stage's file exists, and its opening comment says what it receives, hands on and holds")
    func files() throws {
        let (path, beside) = try Self.tables()
        for row in path.rows + beside.rows {
            let file = try Self.file(row)
            let source = Repository.sources.first { $0.path == file }
            let comment = source?.openingDocComment.lowercased() ?? ""
            if source == nil {
                Self.record(row, "there is no file \(file)", "name the file that the stage moved to")
            } else if !Self.words.allSatisfy(comment.contains) {
                Violation.record([
                    Violation(
                        path: file,
                        line: 1,
                        rule: "a stage opens with what it receives, hands to and holds at most",
                        instead: "say it in the type's comment, or take the stage off \(Self.path)"
                    )
                ])
            }
        }
    }

    @Test("each stage of the data path hands to the next one")
    func order() throws {
        let rows = try Self.tables().path.rows
        #expect(rows.count > 5)
        for (row, next) in zip(rows, rows.dropFirst()) {
            let name = Self.typeName(try Self.file(next))
            guard !row.cells[3].contains("`\(name)`") else { continue }
            Self.record(row, "'Hands to' does not name `\(name)`, the stage below", "put the rows in the data's order")
        }
    }

    @Test("no stage of these modules is missing from the page")
    func complete() throws {
        let (path, beside) = try Self.tables()
        let listed = Set(try (path.rows + beside.rows).map(Self.file))
        for file in Repository.sources where Self.modules.contains(file.module) && !listed.contains(file.path) {
            let comment = file.openingDocComment.lowercased()
            guard Self.words.allSatisfy(comment.contains) else { continue }
            Violation.record([
                Violation(
                    path: file.path,
                    line: 1,
                    rule: "this stage is missing from \(Self.path)",
                    instead: "give it a row: of the data path, or of the stages beside it"
                )
            ])
        }
    }

    private static func file(_ row: MarkdownTable.Row) throws -> String {
        try #require(MarkdownTable.code(in: row.cells[1]), "\(self.path):\(row.line): the second cell names the file")
    }

    private static func typeName(_ file: String) -> String {
        String(file.split(separator: "/").last?.dropLast(".swift".count) ?? "")
    }

    private static func record(_ row: MarkdownTable.Row, _ rule: String, _ instead: String) {
        Violation.record([Violation(path: self.path, line: row.line, rule: rule, instead: instead)])
    }

    @Test("tables are read as Markdown has them")
    func tables() {
        let tables = MarkdownTable.all(in: "a\n\n| b | c |\n|---|:-:|\n| `d` | e \\| f |\n| | g |\n\n| h |")
        #expect(tables.map(\.header) == [["b", "c"]])
        #expect(tables.first?.rows.map(\.cells) == [["`d`", "e | f"], ["", "g"]])
        #expect(tables.first?.rows.map(\.line) == [5, 6])
        #expect(MarkdownTable.code(in: "`d` and e") == "d")
        #expect(MarkdownTable.code(in: "d") == nil)
    }
}
