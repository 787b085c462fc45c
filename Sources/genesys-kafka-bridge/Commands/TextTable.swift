import Foundation

/// Columns as wide as what is in them.
struct TextTable {
    /// The head, then one line per row.
    let lines: [String]

    /// - Parameter rows: each with as many cells as `head`.
    init(head: [String], rows: [[String]]) {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        self.lines = all.map { cells in
            zip(cells, widths).map { AuditScreen.pad($0, $1 + 2) }.joined().trimmingCharacters(in: .whitespaces)
        }
    }
}
