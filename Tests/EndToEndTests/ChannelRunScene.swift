import BridgeOperations
import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import Testing

@testable import genesys_kafka_bridge

/// An organization with notification channels in this process, a broker as one, a folder for spools and checkpoints, and an audit that reads all
/// the while. Bridges are processes.
final class ChannelRunScene: Sendable {
    static let tenant = "acme"
    static let secret = "s3cr3t/of+acme="

    /// What is wanted, and the families of its events.
    struct Wanted: Sendable {
        var subscriptions = ["v2.routing.queues.{queue}.conversations", "v2.users.{user}.presence"]
        var families = ["routing.queues.conversations", "users.presence"]
    }

    let wanted: Wanted
    let simulator: GenesysSimulator
    let broker: RunningProcess
    let bootstrapServers: String
    let folder: URL
    let audit: AuditReader

    private init(
        wanted: Wanted,
        simulator: GenesysSimulator,
        broker: RunningProcess,
        bootstrapServers: String,
        folder: URL
    ) throws {
        self.wanted = wanted
        self.simulator = simulator
        self.broker = broker
        self.bootstrapServers = bootstrapServers
        self.folder = folder
        self.audit = try AuditReader(
            bootstrapServers: bootstrapServers,
            tenantByTopic: Dictionary(uniqueKeysWithValues: wanted.families.map { (Self.topic($0), Self.tenant) }),
            channelTenants: [Self.tenant]
        )
    }

    deinit {
        try? FileManager.default.removeItem(at: self.folder)
    }

    static func topic(_ family: String) -> String { "genesys.\(self.tenant).\(family)" }

    /// Sets the scene, runs `body` in it, and clears it away.
    static func with(
        eventsPerSecond: Double = 20,
        wanted: Wanted = Wanted(),
        adjust: (inout ChannelSettings) -> Void = { _ in },
        _ body: @Sendable (ChannelRunScene) async throws -> Void
    ) async throws {
        let topics = (wanted.families + ["dead-letters", "gaps"]).map(Self.topic)
        let broker = try RunningProcess(["broker", "--brokers", "1"] + topics.flatMap { ["--topic", "\($0):4"] })
        defer { broker.kill() }
        let servers = try await broker.line(beginningWith: "BOOTSTRAP ").split(separator: " ")[1]
        var configuration = SimulatorConfiguration(
            tenants: [SimulatedTenant(name: Self.tenant, clientId: "client", clientSecret: Self.secret)]
        )
        configuration.channels.heartbeatIntervalMilliseconds = 300
        configuration.channels.eventsPerSecondDefault = eventsPerSecond
        configuration.channels.timesAreReal = true
        adjust(&configuration.channels)
        let simulator = try await GenesysSimulator.start(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let scene = try ChannelRunScene(
                wanted: wanted,
                simulator: simulator,
                broker: broker,
                bootstrapServers: String(servers),
                folder: try TestFolder.make("channels")
            )
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await scene.audit.run() }
                defer { group.cancelAll() }
                try await body(scene)
            }
            await simulator.shutdown()
        } catch {
            await simulator.shutdown()
            throw error
        }
    }

    /// Starts a bridge whose configuration has `sections` in it, and other subscriptions where they are given.
    func bridge(
        _ sections: String = "",
        subscriptions: [String]? = nil,
        arguments: [String] = []
    ) throws -> RunningProcess {
        let url = "http://127.0.0.1:\(self.simulator.port)"
        let path = self.configurationPath
        let yaml = """
            kafka:
              properties:
                bootstrap.servers: "\(self.bootstrapServers)"
                max.in.flight.requests.per.connection: 1
                reconnect.backoff.max.ms: 200
            delivery:
              checkpoints: { directory: "\(self.folder.appendingPathComponent("checkpoints").path)", commitInterval: 50ms }
            \(sections.contains("spool:") ? "" : "spool: { directory: \"\(self.spoolDirectory)\" }")
            \(sections)
            admin: { listen: "127.0.0.1:0" }
            log: { level: info, format: text }
            tenants:
              - name: \(Self.tenant)
                endpoints: { login: "\(url)", api: "\(url)" }
                protocol: channels
                credentials: { clientId: client, clientSecret: "\(Self.secret)" }
                subscriptions:
            \((subscriptions ?? self.wanted.subscriptions).map { "      - topic: \"\($0)\"" }.joined(separator: "\n"))
            """
        try yaml.write(toFile: path, atomically: true, encoding: .utf8)
        return try RunningProcess(["run", "--config", path] + arguments)
    }

    /// Of the last bridge that was started.
    var configurationPath: String { self.folder.appendingPathComponent("bridge.yaml").path }

    var spoolDirectory: String { self.folder.appendingPathComponent("spool").path }

    var snapshot: ChannelsSnapshot {
        get async throws { try await self.simulator.channelsSnapshot(tenant: Self.tenant) }
    }

    /// How many events of all topics are in Kafka.
    func delivered() async -> Int { await self.audit.delivered(Self.tenant) }

    /// Waits until `count` more events are in Kafka.
    func progresses(by count: Int = 100) async throws {
        let before = await self.delivered()
        try await eventually("the delivery of \(count) more events", counting: { await self.delivered() }) {
            await self.delivered() >= before + count
        }
    }

    func report() async throws -> AuditReport {
        let owed = try await self.simulator.owedNotifications(Self.tenant, unaccountedBy: self.audit)
        return await self.audit.report(sent: [], notifications: [owed])
    }

    /// How many events are inside gaps so far: those that came to be in front of the first socket.
    func insideGaps() async throws -> Int {
        try #require(try await self.report().tenants.first).insideGaps
    }

    /// Ends production, waits until every event is in Kafka or within a gap, and says what became of them.
    func account() async throws -> AuditResult {
        try await self.simulator.stopProducing()
        try await eventually("the account of every event", counting: { await self.delivered() }) {
            try await self.report().isClean
        }
        return try #require(try await self.report().tenants.first)
    }

    /// Stops a bridge as an orchestrator does.
    func stop(_ bridge: RunningProcess) async throws {
        bridge.signal(SIGTERM)
        #expect(try await bridge.ended() == 0)
        for channel in try await self.snapshot.channels {
            #expect(!bridge.errors.contains(channel.id), "a channel's id is a credential")
        }
        #expect(!bridge.errors.contains(Self.secret))
        // Of sockets and of calls.
        let violations = [try await self.snapshot.violations, try await self.simulator.snapshot().violations]
        #expect(violations.allSatisfy { $0.isEmpty }, "\(violations)")
    }
}
