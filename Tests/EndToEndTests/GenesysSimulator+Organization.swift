import GenesysSimulator
import Logging
import NIOPosix

extension GenesysSimulator {
    /// Runs `body` with a simulator in this process, of one organization with the name `acme` and the client `client`, whose channels say
    /// something three times a second at least.
    static func withOrganization(
        secret: String,
        eventsPerSecond: Double,
        _ body: (GenesysSimulator) async throws -> Void
    ) async throws {
        var configuration = SimulatorConfiguration(
            tenants: [SimulatedTenant(name: "acme", clientId: "client", clientSecret: secret)]
        )
        configuration.channels.heartbeatIntervalMilliseconds = 300
        configuration.channels.eventsPerSecondDefault = eventsPerSecond
        let simulator = try await GenesysSimulator.start(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await body(simulator)
        } catch {
            await simulator.shutdown()
            throw error
        }
        await simulator.shutdown()
    }
}
