import BridgeOperations
import Foundation
import Testing

@testable import genesys_kafka_bridge

// Bridges that are killed, and the one that stops well.

extension Scene {
    /// Starts one bridge after the other, and kills each once it has delivered something: more than the one before it. The third ends by
    /// itself, at `crashPoint`. Returns what each has delivered for the second time.
    func killedLives(_ count: Int, thirdEndsAt crashPoint: String) async throws -> [Int] {
        var duplicates: [Int] = []
        for life in 1...count {
            let bridge = try self.bridge(life == 3 ? ["--crash-at", crashPoint] : [])
            let target = await self.delivered() + 700 * life
            try await eventually("the end of a life") {
                if life == 3 { return !bridge.isRunning }
                return await self.delivered() >= target
            }
            bridge.signal(SIGKILL)
            #expect(try await bridge.ended() == SIGKILL, "\(bridge.errors.suffix(1000))")
            duplicates.append(try await self.report().tenants[0].duplicated - duplicates.reduce(0, +))
        }
        return duplicates
    }

    /// Lets a second bridge take the tenant over from a first one, which parks, says who has it, and stops well; the second one delivers the
    /// rest.
    func takenOver() async throws {
        let first = try self.bridge()
        try await eventually("events") { await self.delivered() > 500 }
        let second = try self.bridge()
        try await eventually("the first to park") { try await self.health(first).state == "parked" }
        let reason = try await self.health(first).reason ?? ""
        #expect(reason.contains("taken over by") && reason.contains(self.checkpointTopic), "\(reason)")
        first.signal(SIGTERM)
        #expect(try await first.ended() == 0, "\(first.errors.suffix(1000))")
        try await self.conclude(second)
    }

    /// Ends production, waits until everything has arrived, stops `bridge`, and returns what became of everything: nothing is lost.
    @discardableResult
    func conclude(
        _ bridge: RunningProcess,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> AuditReport {
        try await self.everythingArrives()
        bridge.signal(SIGTERM)
        #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))", sourceLocation: sourceLocation)
        let report = try await self.report()
        #expect(report.isClean, "\(report)", sourceLocation: sourceLocation)
        return report
    }
}
