import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// The demo as a newcomer runs it.
@Suite("The demo", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct DemoTests {
    private func summary(_ arguments: [String]) async throws -> DemoSummary {
        let demo = try RunningProcess(["demo", "--json"] + arguments)
        // What is under way when the time is over may take half a minute.
        let status = try await demo.ended(within: .seconds(240))
        let summary = try? JSONDecoder().decode(DemoSummary.self, from: Data(demo.output.utf8))
        #expect(status == 0, "\(summary.map { "\($0.audit) \($0.violations)" } ?? "")")
        return try #require(summary)
    }

    @Test("ends with nothing lost, duplicated or out of order")
    func quiet() async throws {
        let summary = try await self.summary(["--seconds", "5", "--rate", "1000"])
        #expect(summary.audit.tenants.map(\.tenant) == ["acme", "globex"])
        for tenant in summary.audit.tenants {
            #expect(tenant.sent > 100 && tenant.delivered == tenant.sent, "\(tenant)")
            #expect(tenant.lost == 0 && tenant.duplicated == 0 && tenant.outOfOrder == 0, "\(tenant)")
        }
    }

    @Test(
        "with chaos lets every fault take effect, and every event is in Kafka, in the dead letters or in a gap record"
    )
    func chaos() async throws {
        let summary = try await self.summary(["--seconds", "100", "--rate", "1000", "--chaos", "--seed", "7"])
        #expect(summary.chaosSeed == 7)
        #expect(summary.audit.isClean, "\(summary.audit)")
        for tenant in summary.audit.tenants {
            #expect(tenant.outOfOrder == 0 && tenant.deadLettered > 0 && tenant.insideGaps > 0, "\(tenant)")
        }
        #expect(Set(summary.faults.map(\.name)).isSuperset(of: FaultKind.allCases.map(\.rawValue)))
        for fault in summary.faults { #expect(fault.planned > 0 && fault.fired > 0, "\(fault)") }
        #expect(summary.violations.values.allSatisfy { $0 == 0 }, "\(summary.violations)")
    }
}
