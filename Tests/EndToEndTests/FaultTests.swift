import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// The stream's faults over real sockets, with real processes.
@Suite("A stream with faults", .serialized, .timeLimit(.minutes(5)))
struct FaultTests {
    @Test("loses and reorders nothing, and every fault that was asked for has fired (S1.2, S4.4, S4.5)")
    func faults() async throws {
        let connection = "  pingInterval: 5s\n  pongTimeout: 1s\n  heartbeatGrace: 1s\n  healthyAfter: 1s"
        try await Scene.with(.init(rate: 2_000, connection: connection)) { scene in
            let bridge = try scene.bridge()
            let faults = [
                ("tokenExpired", #"{"fault":"tokenExpired"}"#), ("goingAway", #"{"fault":"goingAway"}"#),
                ("reset", #"{"fault":"reset"}"#), ("fragmentation", #"{"fault":"fragmentation","count":20,"seed":5}"#),
                ("stall", #"{"fault":"stall"}"#), ("invalidJSON", #"{"fault":"invalidJSON"}"#),
                ("invalidUTF8", #"{"fault":"invalidUTF8"}"#),
                ("oversizedMessage", #"{"fault":"oversizedMessage","bytes":5000000}"#),
                ("rejectUpgrade", #"{"fault":"rejectUpgrade","status":503}"#),
                ("tokenServerError", #"{"fault":"tokenServerError","status":503}"#),
            ]
            for (name, json) in faults {
                let delivered = await scene.delivered()
                try await eventually("progress before \(name)") { await scene.delivered() > delivered + 200 }
                try await scene.inject(json)
                // These two lie in wait for the next attempt.
                if name == "rejectUpgrade" { try await scene.inject(#"{"fault":"reset"}"#) }
                if name == "tokenServerError" { try await scene.inject(#"{"fault":"tokenExpired"}"#) }
                try await eventually("\(name) fires") {
                    try await scene.snapshot().faultsFired[name, default: 0] > 0
                }
            }
            try await scene.everythingArrives()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
            let report = try await scene.report()
            print("faults: \(report.tenants[0]); fired \(try await scene.snapshot().faultsFired)")
            #expect(report.isClean, "\(report)")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
            #expect(report.tenants[0].duplicated == 0, "a living bridge resumes behind what it holds: \(report)")
            #expect(try await scene.snapshot().tenants[0].violations.values.allSatisfy { $0 == 0 })
        }
    }

    @Test(
        "a message that is unreadable twice at the same position is dead-lettered, with a gap, and the stream goes on (S2.7)"
    )
    func poison() async throws {
        try await Scene.with(.init(rate: 500)) { scene in
            let bridge = try scene.bridge()
            try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
            try await scene.inject(#"{"fault":"poison"}"#)
            try await eventually("the dead letter") { await scene.audit.notices("acme").deadLettered > 0 }
            let delivered = await scene.delivered()
            try await eventually("progress behind it") { await scene.delivered() > delivered + 500 }
            try await scene.everythingIsAccountedFor()
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            let report = try await scene.report()
            #expect(report.isClean, "\(report)")
            #expect(report.tenants[0].deadLettered > 0 && report.tenants[0].outOfOrder == 0, "\(report)")
            // One for the start without a checkpoint, one for the message.
            #expect(report.tenants[0].gaps == 2, "\(report)")
            #expect(try await scene.snapshot().tenants[0].upgradesAccepted == 2, "asked for again once")
        }
    }

    @Test("a position that the server no longer has is a gap, and the stream goes on at the present (S4.10)")
    func positionLost() async throws {
        try await Scene.with(.init(rate: 500)) { scene in
            let bridge = try scene.bridge()
            try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
            try await scene.inject(#"{"fault":"positionLost"}"#)
            try await scene.inject(#"{"fault":"reset"}"#)
            try await eventually("the gap") { await scene.audit.notices("acme").gaps == 2 }
            let delivered = await scene.delivered()
            try await eventually("progress behind it") { await scene.delivered() > delivered + 500 }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            #expect(bridge.errors.contains("position-lost"))
        }
    }

    @Test("the same over TLS, with the simulator's own authority (S1.1)")
    func tls() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = Scene.Settings(rate: 1_000)
        settings.simulatorArguments = ["--tls-directory", folder]
        settings.connection = "  tls: { extraCertificateAuthorities: \"\(folder)/ca.pem\" }"
        try await Scene.with(settings) { scene in
            #expect(scene.simulatorURL.hasPrefix("https://localhost"))
            let bridge = try scene.bridge()
            try await eventually("1000 events in Kafka") { await scene.delivered() >= 1_000 }
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0, "\(bridge.errors.suffix(1000))")
        }
    }
}
