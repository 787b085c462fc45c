import Foundation
import NIOCore
import NIOSSL
import Testing

@testable import GenesysSimulator

@Suite(.timeLimit(.minutes(1)))
struct TLSTests {
    private func withCertificate<Result>(
        names: [String] = ["localhost"],
        _ body: (GeneratedCertificate) async throws -> Result
    ) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try await body(try await GeneratedCertificate.generate(in: directory.path, names: names))
    }

    private func trusting(_ certificate: GeneratedCertificate) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .file(certificate.authorityPath)
        return try NIOSSLContext(configuration: configuration)
    }

    @Test func `a stream over TLS is verified with the generated authority, and a reset is one there too`() async throws
    {
        try await self.withCertificate(names: ["localhost", "other.test"]) { certificate in
            let context = try self.trusting(certificate)
            try await withSimulator(acme, { $0.tls = certificate.tls }) { simulator in
                #expect(simulator.baseURL == "https://localhost:\(simulator.port)")
                let response = try await RawConnection.open(port: simulator.port, tls: context) { connection in
                    try await connection.request(
                        "POST",
                        "/oauth/token",
                        headers: [
                            "Authorization": basic(acme), "Content-Type": "application/x-www-form-urlencoded",
                        ],
                        body: "grant_type=client_credentials"
                    )
                }
                let token = try #require(try json(response.body)["access_token"] as? String)
                try await RawConnection.open(port: simulator.port, tls: context, serverName: "other.test") { stream in
                    let response = try await stream.upgrade(target(token: token, ["maxLatency": "20"]))
                    #expect(response.status == 101)
                    #expect(try await stream.batchWithEvents().events.isEmpty == false)
                    for fault in [
                        Fault.slowWrite(bytes: 500, intervalMilliseconds: 1, durationMilliseconds: nil),
                        .slowRead(bytes: 5, intervalMilliseconds: 1, durationMilliseconds: nil),
                    ] {
                        #expect(try await simulator.inject(fault) == 1)
                    }
                    try await stream.sendFrame(opcode: 9, [6])
                    while stream.pongs.isEmpty { _ = try #require(try await stream.batch()) }
                    #expect(stream.pongs == [[6]])
                    #expect(try await simulator.inject(.reset) == 1)
                    let error = await #expect(throws: IOError.self) { while try await stream.frame() != nil {} }
                    #expect(error?.errnoCode == ECONNRESET)
                }
            }
        }
    }

    @Test func `another name and another authority are not accepted`() async throws {
        try await self.withCertificate { certificate in
            let context = try self.trusting(certificate)
            try await withSimulator(acme, { $0.tls = certificate.tls }) { simulator in
                await #expect(throws: (any Error).self) {
                    try await RawConnection.open(port: simulator.port, tls: context, serverName: "wrong.test") {
                        try await $0.request("GET", "/")
                    }
                }
                let system = try NIOSSLContext(configuration: .makeClientConfiguration())
                await #expect(throws: (any Error).self) {
                    try await RawConnection.open(port: simulator.port, tls: system) { try await $0.request("GET", "/") }
                }
            }
        }
    }

    @Test func `a missing openssl and a failing one are told apart`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        await #expect(throws: SimulatorError.opensslMissing) {
            try await GeneratedCertificate.generate(
                in: directory,
                names: ["localhost"],
                validDays: 1,
                searchPath: "/nonexistent"
            )
        }
        #expect(SimulatorError.opensslMissing.description.contains("apt-get install openssl"))
        let error = await #expect(throws: SimulatorError.self) {
            try await GeneratedCertificate.generate(in: directory, names: ["\u{1}bad name, ="])
        }
        guard case .opensslFailed(let status, let message) = error else {
            Issue.record("unexpected: \(String(describing: error))")
            return
        }
        #expect(status != 0 && !message.isEmpty)
    }
}
