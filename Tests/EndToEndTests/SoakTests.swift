import Foundation
import Testing

@testable import genesys_kafka_bridge

/// The short form of hours of chaos.
@Suite("The soak", .serialized, .lastWords, .timeLimit(.minutes(3)))
struct SoakTests {
    @Test(
        "a bridge that is killed every few seconds while everything goes wrong loses nothing silently (replay-or-acked, C1, C2)",
        arguments: [StreamProtocol.stream, .channels]
    )
    func killed(dialect: StreamProtocol) async throws {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let soak = try RunningProcess([
            "soak", "--protocol", dialect.rawValue, "--json", "--seconds", "24", "--rate",
            dialect == .stream ? "1000" : "400",
            "--seed", "11", "--kill-every-seconds", "4", "--log", log,
        ])
        _ = try await soak.ended(within: .seconds(150))
        let summary = try JSONDecoder().decode(SoakSummary.self, from: Data(soak.output.utf8))
        let isWell =
            soak.status == 0 && summary.isClean && summary.kills >= 3
            && summary.audit.tenants.allSatisfy {
                $0.outOfOrder == 0 && $0.delivered > (dialect == .stream ? 1_000 : 300)
            }
        // Its trouble may be anywhere in its lives.
        if !isWell { print("the bridge of the soak:\n\((try? String(contentsOfFile: log, encoding: .utf8)) ?? "")") }
        #expect(
            isWell,
            """
            \(summary.audit), violations \(summary.violations), \(summary.kills) kills, \(summary.unexpectedEnds) unexpected ends, \
            exit status \(summary.exitStatus)
            """
        )
    }
}
