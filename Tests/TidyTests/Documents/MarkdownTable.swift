/// A table of a Markdown page.
struct MarkdownTable: Hashable {
    struct Row: Hashable {
        /// Counted from 1, in the page.
        var line: Int
        var cells: [String]
    }

    var header: [String]
    var rows: [Row]

    /// All tables of `page`: a header, a row of dashes, and the rows that follow without a gap.
    static func all(in page: String) -> [MarkdownTable] {
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false).map(Self.cells)
        var tables: [MarkdownTable] = []
        for (index, cells) in lines.enumerated() {
            let isRule = !cells.isEmpty && cells.allSatisfy { !$0.isEmpty && $0.allSatisfy { "-: ".contains($0) } }
            guard isRule, index > 0, lines[index - 1].count == cells.count else { continue }
            let rows = lines[(index + 1)...].prefix { !$0.isEmpty }
            tables.append(
                MarkdownTable(
                    header: lines[index - 1],
                    rows: rows.indices.map { Row(line: $0 + 1, cells: lines[$0]) }
                )
            )
        }
        return tables
    }

    /// The cells of a table's line, without the white space around them; none where the line is not one of a table.
    private static func cells(_ line: Substring) -> [String] {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("|") else { return [] }
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if character == "|", !isEscaped {
                cells.append(Self.trimmed(cell))
                cell = ""
            } else if character != "\\" || isEscaped {
                cell.append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return cells
    }

    private static func trimmed(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    /// The text between the first pair of backticks; nil where there is none.
    static func code(in cell: String) -> String? {
        let parts = cell.split(separator: "`", omittingEmptySubsequences: false)
        return parts.count > 2 ? String(parts[1]) : nil
    }
}
