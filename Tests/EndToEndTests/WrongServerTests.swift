import Foundation
import Testing

/// A login server that is not what the configuration takes it for: said in words that help, and tried again.
@Suite("A server that is not the right one", .serialized, .lastWords, .timeLimit(.minutes(5)))
struct WrongServerTests {
    /// What a bridge says whose login server is at `login`, beginning with the first refusal.
    private static func refusal(
        _ scene: Scene,
        _ name: String,
        login: String,
        trusting authority: String? = nil
    ) async throws -> String {
        let bridge = try scene.bridge(name) { text in
            var edited = text.replacingOccurrences(of: "login: \"\(scene.simulatorURL)\"", with: "login: \"\(login)\"")
                .replacingOccurrences(of: "connection:\n", with: "connection:\n  connectTimeout: 2s\n")
                .replacingOccurrences(of: scene.checkpointDirectory, with: scene.checkpointDirectory + name)
            if let authority {
                edited = edited.replacingOccurrences(
                    of: "connection:\n",
                    with: "connection:\n  tls: { extraCertificateAuthorities: \"\(authority)\" }\n"
                )
            }
            return edited
        }
        try await eventually("a refusal") {
            if !bridge.isRunning { throw NeverHappened(description: "the bridge ended: \(bridge.errors)") }
            return bridge.errors.contains("no token from")
        }
        let said = bridge.errors
        bridge.signal(SIGTERM)
        #expect(try await bridge.ended() == 0)
        return said
    }

    @Test("a certificate of an unknown issuer, or for another name, and TLS where there is none, are told apart (S1.1)")
    func tls() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var settings = Scene.Settings(rate: 10)
        settings.simulatorArguments = ["--tls-directory", folder]
        try await Scene.with(settings) { scene in
            let port = try #require(scene.simulatorURL.split(separator: ":").last)
            let unknown = try await Self.refusal(scene, "unknown", login: "https://localhost:\(port)/")
            #expect(unknown.contains("the server's certificate is not trusted: its issuer is unknown"), "\(unknown)")
            let name = try await Self.refusal(
                scene,
                "name",
                login: "https://127.0.0.1:\(port)",
                trusting: folder + "/ca.pem"
            )
            #expect(name.contains("the server's certificate is for another host name"), "\(name)")
            let plain = try await Self.refusal(scene, "plain", login: "http://localhost:\(port)")
            #expect(plain.contains("closed the connection without an answer; does it expect TLS"), "\(plain)")
            for said in [unknown, name, plain] { #expect(!said.contains("OPENSSL_internal"), "\(said)") }
        }
        try await Scene.with(.init(rate: 10)) { scene in
            let login = scene.simulatorURL.replacingOccurrences(of: "http:", with: "https:")
            let secure = try await Self.refusal(scene, "secure", login: login)
            #expect(secure.contains("the server does not speak TLS on this port"), "\(secure)")
            #expect(!secure.contains("OPENSSL_internal"), "\(secure)")
        }
    }
}
