import Foundation
import Testing

@testable import genesys_kafka_bridge

/// The short form of hours of chaos.
@Suite("The soak", .serialized, .timeLimit(.minutes(3)))
struct SoakTests {
    @Test(
        "a bridge that is killed every few seconds while everything goes wrong loses nothing silently (replay-or-acked)"
    )
    func killed() async throws {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("soak-\(UUID().uuidString).log").path
        defer { try? FileManager.default.removeItem(atPath: log) }
        let soak = try RunningProcess([
            "soak", "--json", "--seconds", "24", "--rate", "1000", "--seed", "11", "--kill-every-seconds", "4", "--log",
            log,
        ])
        #expect(try await soak.ended() == 0, "\(soak.errors.suffix(1000)) \(soak.output.suffix(4000))")
        let summary = try JSONDecoder().decode(SoakSummary.self, from: Data(soak.output.utf8))
        #expect(summary.isClean && summary.kills == 6)
        for tenant in summary.audit.tenants { #expect(tenant.outOfOrder == 0 && tenant.delivered > 5_000, "\(tenant)") }
    }
}
