import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// One stream with one fault after the other, over real sockets and with real processes. What each of them alone may do is the contract's.
@Suite("A stream with faults", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct FaultTests {
    @Test("loses and reorders nothing, and every fault that was asked for has fired (S1.2, S4.4, S4.5)")
    func faults() async throws {
        let connection = "  pingInterval: 5s\n  pongTimeout: 1s\n  heartbeatGrace: 1s\n  healthyAfter: 1s"
        try await Scene.with(.init(rate: 2_000, onRealBrokers: true, connection: connection)) { scene in
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
                var accepted = -1
                try await eventually("\(name) fires") {
                    let snapshot = try await scene.snapshot()
                    if snapshot.faultsFired[name, default: 0] > 0 { return true }
                    // A stream that ends takes along what it was to do.
                    guard snapshot.tenants[0].upgradesAccepted > accepted else { return false }
                    accepted = snapshot.tenants[0].upgradesAccepted
                    try await scene.inject(json)
                    // These two lie in wait for the next attempt.
                    if name == "rejectUpgrade" { try await scene.inject(#"{"fault":"reset"}"#) }
                    if name == "tokenServerError" { try await scene.inject(#"{"fault":"tokenExpired"}"#) }
                    return false
                }
            }
            let report = try await scene.conclude(bridge)
            print("faults: \(report.tenants[0]); fired \(try await scene.snapshot().faultsFired)")
            #expect(report.tenants[0].outOfOrder == 0, "\(report)")
            #expect(report.tenants[0].duplicated == 0, "a living bridge resumes behind what it holds: \(report)")
            #expect(try await scene.snapshot().tenants[0].violations.values.allSatisfy { $0 == 0 })
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
