import Foundation
import Testing

@testable import genesys_kafka_bridge

@Suite("The program from outside", .timeLimit(.minutes(2)))
struct ProcessTests {
    @Test("--version and --help end well")
    func help() async throws {
        let version = try await BridgeProcess(["--version"])
        #expect(version.status == 0 && version.output == "\(BridgeVersion.current)\n")
        for arguments in [["--help"], ["help", "validate"], ["health", "--help"], []] {
            let help = try await BridgeProcess(arguments)
            #expect(help.status == 0 && help.output.contains("USAGE: genesys-kafka-bridge"), "\(arguments)")
        }
    }

    @Test(
        "wrong usage ends with 64 and says what would be right",
        arguments: [
            (["nonsense"], "nonsense"), (["validate"], "--config bridge.yaml"),
            (["validate", "--config", "x", "--sahre", "0/1"], "--sahre"),
            (["validate", "--config", "x", "--share", "3/3"], "counted from 0"),
            (["validate", "--config", "x", "--share", "all"], "I/N"), (["health", "--url", "ftp://x"], "http://"),
            (["health", "--url", "http://h", "--config", "x"], "not both"), (["health", "--timeout", "0"], "300"),
        ]
    )
    func usage(arguments: [String], expected: String) async throws {
        let process = try await BridgeProcess(arguments)
        #expect(process.status == 64)
        #expect(process.errors.contains(expected), "\(process.errors)")
        #expect(process.output.isEmpty)
    }

    @Test("validate shows the plan, and no secret")
    func valid() async throws {
        let text = Fixture.minimal.replacing("\"\(Fixture.secret)\"", with: "\"${env:BRIDGE_TEST_SECRET}\"")
        let environment = ["BRIDGE_TEST_SECRET": Fixture.secret]
        try await TemporaryFolder.with { folder in
            let path = try folder.file("bridge.yaml", text)
            let process = try await BridgeProcess(["validate", "--config", path], environment: environment)
            #expect(process.status == 0 && process.errors.isEmpty, "\(process)")
            #expect(process.output.hasPrefix("configuration is valid\n"))
            #expect(process.output.contains("acme, partition "))
            #expect(process.output.contains("genesys.acme.routing.queueEvents"))
            #expect(process.output.contains("bootstrap.servers=kafka:9092"))
            let json = try await BridgeProcess(["validate", "--json", "--config", path], environment: environment)
            let verdict = try JSONDecoder().decode(ConfigurationVerdict.self, from: Data(json.output.utf8))
            #expect(json.status == 0 && verdict.valid && verdict.plan?.tenants.map(\.name) == ["acme"])
            #expect(!(process.output + json.output).contains("s3cr3t"))
        }
    }

    @Test("validate ends with 78 and all errors")
    func invalid() async throws {
        try await TemporaryFolder.with { folder in
            let path = try folder.file("bridge.yaml", Fixture.with("conection: {}\nlog: { level: loud }"))
            let process = try await BridgeProcess(["validate", "--config", path])
            #expect(process.status == 78 && process.output.isEmpty)
            let lines = process.errors.split(separator: "\n")
            #expect(lines.count == 2)
            #expect(lines.first == "\(path):1:1: conection: unknown key; did you mean `connection`?")
            let json = try await BridgeProcess(["validate", "--json", "--config", path])
            let verdict = try JSONDecoder().decode(ConfigurationVerdict.self, from: Data(json.output.utf8))
            #expect(json.status == 78 && json.errors.isEmpty)
            #expect(!verdict.valid && verdict.plan == nil)
            #expect(verdict.errors.map(\.keyPath) == ["conection", "log.level"])
        }
        let missing = try await BridgeProcess(["validate", "--config", "/nonexistent.yaml"])
        #expect(missing.status == 78 && missing.errors.contains("/nonexistent.yaml:1:1: the file does not exist"))
    }

    @Test("validate --print-reference prints every key")
    func reference() async throws {
        let process = try await BridgeProcess(["validate", "--print-reference"])
        #expect(process.status == 0 && process.output == "\(ConfigurationReference.table)\n")
    }

    @Test("health without a bridge ends with 69 and names the address")
    func nobody() async throws {
        // Port 1 of this machine: nobody listens below the kernel's own choices.
        let process = try await BridgeProcess(["health", "--url", "http://127.0.0.1:1"])
        #expect(process.status == 69)
        #expect(process.errors.hasPrefix("no answer from http://127.0.0.1:1/health/ready: "), "\(process.errors)")
        #expect(process.errors.split(separator: "\n").count == 1)
    }
}
