import BridgeOperations
import GenesysSimulator
import NIOCore
import Synchronization

@testable import genesys_kafka_bridge

// What a scene tells when a test fails.

extension Scene {
    struct StartedBridge {
        weak var process: RunningProcess?
    }

    /// How things stand with the simulator, the audit and the bridges, for people.
    func state() async -> String {
        var lines = [await self.accounts()]
        for bridge in self.bridges.withLock({ $0.compactMap(\.process) }) where bridge.isRunning {
            guard bridge.errors.contains("admin server listens on ") else { continue }
            do {
                lines.append("a bridge's status: \(try await self.ask(bridge, "/status", timeout: .seconds(10)).body)")
            } catch {
                lines.append("a bridge does not say how things stand: \(error)")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func accounts() async -> String {
        do {
            let snapshot = try await self.snapshot()
            let report = await self.audit.report(sent: snapshot.tenants.map(\.audited))
            let tenants = snapshot.tenants.map { tenant in
                """
                \(tenant.name): made \(tenant.eventsProduced), offered \(tenant.eventsOffered), \
                upgrades \(tenant.upgradesAccepted) of \(tenant.upgradeAttempts), answers \(tenant.upgradeAnswers), \
                faults \(tenant.faultsFired), violations \(tenant.violations)
                """
            }
            return tenants.joined(separator: "\n") + "\n\(report)"
        } catch {
            return "the simulator does not say how things stand: \(error)"
        }
    }
}
