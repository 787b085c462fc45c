import BridgeOperations
import Logging
import Testing

@testable import genesys_kafka_bridge

@Suite("Asking a bridge for its health", .timeLimit(.minutes(1)))
struct HealthTests {
    private func withServer(
        _ report: HealthReport,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = AdminServer(host: "127.0.0.1", port: 0, logger: logger) { report }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { port.yield($0) } }
            var iterator = ports.makeAsyncIterator()
            try await body(try #require(await iterator.next()))
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    private func probe(_ port: Int) -> HealthProbe {
        HealthProbe(endpoint: Endpoint(scheme: .http, host: "127.0.0.1", port: port), timeout: .seconds(10))
    }

    @Test("a bridge that is well says so")
    func ready() async throws {
        try await self.withServer(HealthReport(ready: true, tenants: [])) { port in
            #expect(try await self.probe(port).ask(.ready) == "ready")
            #expect(try await self.probe(port).ask(.live) == "live")
            let process = try await BridgeProcess(["health", "--url", "http://127.0.0.1:\(port)"])
            #expect(process.status == 0 && process.output == "ready\n" && process.errors.isEmpty)
            try await TemporaryFolder.with { folder in
                let path = try folder.file("bridge.yaml", Fixture.with("admin: { listen: \"0.0.0.0:\(port)\" }"))
                #expect(try await BridgeProcess(["health", "--config", path]).status == 0)
            }
        }
    }

    @Test("a bridge that is not well says why")
    func notReady() async throws {
        let tenant = TenantHealth(
            name: "acme",
            ready: false,
            state: "unauthorized",
            reason: "needs notification:read\nx"
        )
        try await self.withServer(HealthReport(ready: false, tenants: [tenant])) { port in
            let failure = try await #require(throws: CommandFailure.self) { try await self.probe(port).ask(.ready) }
            #expect(failure.status == .unavailable)
            #expect(failure.description == "not ready: acme is unauthorized (needs notification:read")
            #expect(try await self.probe(port).ask(.live) == "live")
            let process = try await BridgeProcess(["health", "--url", "http://127.0.0.1:\(port)"])
            #expect(process.status == 69 && process.errors.hasPrefix("not ready: acme is unauthorized"))
        }
    }

    @Test("the address comes from the configuration, as far as one can connect to it")
    func address() throws {
        func endpoint(_ host: String, _ port: Int) throws -> String {
            try HealthProbe.endpoint(of: AdminConfiguration(listen: ListenAddress(host: host, port: port))).description
        }
        #expect(try endpoint("0.0.0.0", 9600) == "http://127.0.0.1:9600")
        #expect(try endpoint("::", 9600) == "http://[::1]:9600")
        #expect(try endpoint("10.0.0.1", 80) == "http://10.0.0.1:80")
        #expect(throws: CommandFailure.self) { try endpoint("127.0.0.1", 0) }
        #expect(throws: CommandFailure.self) { try HealthProbe.endpoint(of: AdminConfiguration(listen: nil)) }
    }
}
