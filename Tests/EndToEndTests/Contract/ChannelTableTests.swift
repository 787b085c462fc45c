import BridgeCore
import Foundation
import Testing

/// The README's table of what happens with channels, beside the tests that are behind its rows: it can have no row without one.
@Suite("The table of the contract of channels")
struct ChannelTableTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let header = "| What | Then | Missing in Kafka | Repeated in Kafka | What shows it |"

    /// The cells of the table's rows.
    private static func rows() throws -> [[String]] {
        let text = try String(contentsOf: self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == self.header })
        return lines.dropFirst(start + 2).prefix { $0.hasPrefix("|") }.map { row in
            row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// What stands between backticks.
    private static func code(in text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter {
            !$0.offset.isMultiple(of: 2)
        }
        .map { String($0.element) }
    }

    @Test("the README has these rows and no others, and names the causes of their gap records")
    func rows() throws {
        let rows = try Self.rows()
        #expect(rows.map { $0[0] } == ChannelRow.all.map(\.what))
        let causes = Set(GapRecord.Cause.allCases.map(\.rawValue))
        for (cells, row) in zip(rows, ChannelRow.all) where cells[0] == row.what {
            #expect(cells.count == 5 && cells.allSatisfy { !$0.isEmpty }, "\(row.what)")
            #expect(Set(Self.code(in: cells[2])).intersection(causes) == Set(row.causes), "\(row.what)")
        }
        // The others are of streams, or of a spool's damage.
        #expect(causes.subtracting(ChannelRow.all.flatMap(\.causes)) == ["position-lost"])
    }

    @Test("the tests that are named behind a row exist")
    func tests() throws {
        let folder = Self.root.appendingPathComponent("Tests")
        let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        var sources = ""
        for case let file as URL in files
        where file.pathExtension == "swift" && file.lastPathComponent != "ChannelRow.swift" {
            sources += try String(contentsOf: file, encoding: .utf8)
        }
        for row in ChannelRow.all {
            #expect(!row.tests.isEmpty)
            for test in row.tests { #expect(sources.contains("\"\(test)\""), "\(row.what): \(test)") }
        }
    }
}
