import Foundation
import GenesysSimulator
import Testing

/// The tables of the README and of the page on reliability, beside the cases that they are about: neither can say what no case checks.
@Suite("The tables of the contract")
struct ContractTableTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let readme = "README.md"
    private static let page = "Sources/genesys-kafka-bridge/GenesysKafkaBridge.docc/Reliability.md"

    @Test("the README says of each row what its cases check, and has no other row")
    func rows() throws {
        let rows = try Self.table(
            of: Self.readme,
            header: "| What | Then | Lost | Repeated in Kafka | Recovers within |"
        )
        #expect(rows.map { $0[0] } == ContractRow.allCases.map(\.what))
        for (cells, row) in zip(rows, ContractRow.allCases) where cells[0] == row.what {
            #expect(!cells[1].isEmpty)
            #expect(cells[2] == row.lost.text, "\(row.what)")
            #expect(cells[3] == row.repeated.text, "\(row.what)")
            #expect(cells[4] == row.recovers.map(\.text).joined(separator: "; "), "\(row.what)")
        }
    }

    @Test(
        "every row is what its cases come to: no case loses or repeats more, or takes longer",
        arguments: ContractRow.allCases
    )
    func cases(row: ContractRow) {
        let cases = ContractCase.all.filter { $0.row == row }
        #expect(cases.contains { $0.lost == row.lost }, "what is lost is checked")
        #expect(cases.allSatisfy { $0.lost == row.lost || $0.lost == .nothing })
        #expect(cases.contains { $0.repeated == row.repeated }, "what is repeated is checked")
        #expect(cases.allSatisfy { $0.repeated == row.repeated || $0.repeated == .nothing })
        for recovery in row.recovers { #expect(cases.contains { $0.recovery == recovery }, "\(recovery) is measured") }
        for one in cases where !row.recovers.contains(one.recovery) {
            let longest = row.recovers.compactMap(\.limit).max() ?? .zero
            #expect(one.recovery.limit.map { $0 <= longest } == true, "\(one.fault) may take longer than the row says")
        }
    }

    @Test("the page on reliability has every case, with what is promised and what was measured within it")
    func measured() throws {
        let header = "| Fault | Lost | Repeated in Kafka | Recovers within | That is | Measured |"
        let rows = try Self.table(of: Self.page, header: header)
        #expect(rows.map { $0[0] } == ContractCase.all.map(\.fault))
        for (cells, one) in zip(rows, ContractCase.all) where cells[0] == one.fault {
            let row = "| " + cells.joined(separator: " | ") + " |"
            guard let limit = one.recovery.limit else {
                #expect(row == one.tableRow(measured: nil))
                continue
            }
            let measured = try #require(Int(cells[5].replacingOccurrences(of: " ms", with: "")), "\(one.fault)")
            #expect(row == one.tableRow(measured: .milliseconds(measured)))
            #expect(.milliseconds(measured) <= limit, "\(one.fault)")
        }
    }

    @Test("every fault of the simulator is in a case", arguments: FaultKind.allCases)
    func faults(kind: FaultKind) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let cases = files.filter { $0.lastPathComponent.hasPrefix("ContractCase+") }
        #expect(cases.count > 3)
        #expect(try cases.contains { try String(contentsOf: $0, encoding: .utf8).contains(".\(kind.rawValue)") })
    }

    @Test("no two cases share a fault, or a tenant of one scene")
    func names() {
        #expect(Set(ContractCase.all.map(\.fault)).count == ContractCase.all.count)
        let scenes = [
            ContractCase.streams, ContractCase.subscriptions, ContractCase.refusals, ContractCase.rollovers,
            ContractCase.holdOffs,
        ]
        for scene in scenes {
            #expect(Set(scene.map(\.name)).count == scene.count)
        }
    }

    /// The cells of the rows of the one table of `path` with this header.
    private static func table(of path: String, header: String) throws -> [[String]] {
        let text = try String(contentsOf: self.root.appendingPathComponent(path), encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0 == header }, "\(path) has the table \(header)")
        let rows = lines.dropFirst(start + 2).prefix { $0.hasPrefix("|") }
        #expect(!rows.isEmpty)
        return rows.map { row in
            row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
