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

    @Test("of channels follows each before it ends, and loses, repeats and records nothing by that (C4)")
    func quietChannels() async throws {
        let summary = try await self.summary(["--protocol", "channels", "--seconds", "20"])
        #expect(
            summary.channelsMade.count == 2 && summary.channelsMade.allSatisfy { $0 > 1 },
            "\(summary.channelsMade)"
        )
        for tenant in summary.audit.tenants {
            #expect(tenant.sent > 1_000 && tenant.delivered + tenant.insideGaps == tenant.sent, "\(tenant)")
            #expect(tenant.lost == 0 && tenant.duplicated == 0 && tenant.outOfOrder == 0, "\(tenant)")
            #expect(tenant.gapTimes.map(\.cause) == ["missing-checkpoint"], "only what came before: \(tenant)")
        }
    }

    @Test("of channels with chaos delivers every event, but for those that came to be within a gap record (C1)")
    func chaoticChannels() async throws {
        let arguments = ["--protocol", "channels", "--seconds", "60", "--chaos", "--seed", "7"]
        let summary = try await self.summary(arguments)
        #expect(summary.audit.isClean, "\(summary.audit)")
        for tenant in summary.audit.tenants {
            #expect(tenant.delivered > 1_000 && tenant.insideGaps > 0 && tenant.outOfOrder == 0, "\(tenant)")
        }
        let names = ChannelFaultKind.allCases.map(\.rawValue)
        #expect(Set(summary.faults.map(\.name)).isSuperset(of: names))
        // Every kind takes two minutes.
        #expect(summary.faults.count { $0.fired > 0 } > names.count)
        for fault in summary.faults where fault.planned > 0 { #expect(fault.fired > 0, "\(fault)") }
        #expect(summary.violations.values.allSatisfy { $0 == 0 }, "\(summary.violations)")
    }
}
