import BridgeCore
import Foundation
import GenesysSimulator
import Testing

@testable import genesys_kafka_bridge

/// Tokens and client secrets appear in nothing that any command prints (S1.6).
@Suite("Secrets", .serialized, .timeLimit(.minutes(5)))
struct SecretsTests {
    /// What must never be seen: the client secrets, and the tokens in every form. The simulator's tokens all begin alike.
    private static let secrets = [
        "s3cr3t", "wr0ng", "a+b/c=d", "a%2Bb%2Fc%3Dd",
        Data("acme-client:\(Scene.secret(of: "acme"))".utf8).base64EncodedString(),
    ]

    private func check(_ process: RunningProcess, _ what: String) {
        for secret in Self.secrets {
            #expect(!process.output.contains(secret), "\(what) prints \(secret)")
            #expect(!process.errors.contains(secret), "\(what) prints \(secret)")
        }
    }

    @Test("are in no output of any command, at the finest log level, whatever goes wrong (S1.6)")
    func nowhere() async throws {
        let settings = Scene.Settings(
            rate: 500,
            tenants: ["acme", "globex"],
            logLevel: "trace",
            connection: "  healthyAfter: 1s\n  heartbeatGrace: 1s",
            wrongSecretOf: "globex"
        )
        try await Scene.with(settings) { scene in
            let bridge = try scene.bridge()
            try await eventually("500 events in Kafka") { await scene.delivered() >= 500 }
            for fault in [
                #"{"fault":"tokenExpired"}"#, #"{"fault":"reset"}"#, #"{"fault":"invalidJSON"}"#,
                #"{"fault":"rejectUpgrade","status":401}"#, #"{"fault":"rejectUpgrade","status":400}"#,
                #"{"fault":"goingAway"}"#,
            ] {
                let delivered = await scene.delivered()
                try await scene.inject(fault)
                try await eventually("progress") { await scene.delivered() > delivered + 50 }
            }
            let validate = try RunningProcess(["validate", "--config", scene.configurationPath])
            #expect(try await validate.ended() == 0, "\(validate.errors)")
            self.check(validate, "validate")
            let broken = scene.folder.appendingPathComponent("broken.yaml").path
            try String(contentsOfFile: scene.configurationPath, encoding: .utf8)
                .replacingOccurrences(of: "clientSecret:", with: "clientSecrte:")
                .write(toFile: broken, atomically: true, encoding: .utf8)
            let invalid = try RunningProcess(["validate", "--config", broken])
            #expect(try await invalid.ended() == 78)
            self.check(invalid, "validate of a broken file")
            bridge.signal(SIGTERM)
            #expect(try await bridge.ended() == 0)
            #expect(bridge.errors.contains(" DEBUG "), "the finest level is really on")
            self.check(bridge, "run")
            self.check(scene.simulator, "simulate")
        }
    }
}
