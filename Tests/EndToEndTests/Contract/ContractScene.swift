import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import RDKafka
import Synchronization
import Testing

/// Simulator, proxies and broker in this process, the bridge as one of its own, one tenant for each case, and an audit that reads all the
/// while. The settings are as short as they may be; ``Recovery`` says what they come to.
final class ContractScene: Sendable {
    /// How the scene is set.
    struct Settings: Sendable {
        var tenants: [String: ContractTenant] = [:]
        var tokenLifetimeMilliseconds = 3_600_000
        var attemptsPerSecond = 100
        var invalidSubscriptionAnswer = InvalidSubscriptionAnswer.close
    }

    static let inFlightBatches = 16
    static let commitBatches = 4

    let settings: Settings
    let folder: URL
    let kafka: EmbeddedKafka
    let simulator: GenesysSimulator
    let proxies: [String: IdleTimeoutProxy]
    let audit: ContractAudit
    private let snapshots: SnapshotCache
    private let process = Mutex<RunningProcess?>(nil)

    private init(_ settings: Settings, folder: URL) async throws {
        self.settings = settings
        self.folder = folder
        let names = settings.tenants.keys.sorted()
        self.kafka = try EmbeddedKafka(brokerCount: 1)
        for topic in names.flatMap(ContractAudit.topics) {
            try self.kafka.createTopic(topic, partitionCount: topic.hasSuffix(".events") ? 3 : 1)
        }
        var configuration = SimulatorConfiguration(
            tenants: settings.tenants.sorted { $0.key < $1.key }.map { name, tenant in
                SimulatedTenant(
                    name: name,
                    clientId: "\(name)-client",
                    clientSecret: "\(name)-secret",
                    rate: .eventsPerSecond(tenant.rate),
                    resources: Self.resources
                )
            }
        )
        configuration.tokenLifetimeMilliseconds = settings.tokenLifetimeMilliseconds
        configuration.invalidSubscriptionAnswer = settings.invalidSubscriptionAnswer
        // More often than the bridge may ever ping.
        configuration.clientPingIntervalMinMilliseconds = 4_000
        self.simulator = try await GenesysSimulator.start(
            configuration: configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        )
        var proxies: [String: IdleTimeoutProxy] = [:]
        for (name, tenant) in settings.tenants {
            guard let milliseconds = tenant.proxyIdleMilliseconds else { continue }
            proxies[name] = try await IdleTimeoutProxy.start(
                targetPort: self.simulator.port,
                idleTimeout: .milliseconds(milliseconds),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton
            )
        }
        self.proxies = proxies
        self.audit = try ContractAudit(bootstrapServers: self.kafka.bootstrapServers, tenants: names)
        self.snapshots = SnapshotCache(self.simulator)
    }

    static let resources = SimulatedResource.generated(count: 6)

    /// Sets the scene, runs `body` in it, and clears it away.
    static func with<Value: Sendable>(
        _ settings: Settings,
        _ body: @Sendable (ContractScene) async throws -> Value
    ) async throws -> Value {
        LastWords.forgetRemains()
        let folder = try TestFolder.make("contract")
        defer { try? FileManager.default.removeItem(at: folder) }
        let scene = try await ContractScene(settings, folder: folder)
        try scene.configuration.write(toFile: scene.configurationPath, atomically: true, encoding: .utf8)
        let result = await withTaskGroup(of: Void.self) { group in
            group.addTask { await scene.audit.run() }
            let result: Result<Value, any Error>
            do { result = .success(try await body(scene)) } catch { result = .failure(error) }
            group.cancelAll()
            return result
        }
        for proxy in scene.proxies.values { await proxy.stop() }
        await scene.simulator.shutdown()
        await scene.kafka.close()
        return try result.get()
    }

    // MARK: The bridge

    var configurationPath: String { self.folder.appendingPathComponent("bridge.yaml").path }
    var checkpointDirectory: String { self.folder.appendingPathComponent("checkpoints").path }

    /// The bridge that was started last.
    var bridge: RunningProcess { self.process.withLock { $0! } }

    /// Starts a bridge, on the same checkpoints as the one before.
    func startBridge(_ arguments: [String] = []) throws {
        let process = try RunningProcess(["run", "--config", self.configurationPath] + arguments)
        self.process.withLock { $0 = process }
    }

    /// Ends the bridge by a signal, and waits for its end.
    func endBridge(_ signal: Int32) async throws {
        let bridge = self.bridge
        bridge.signal(signal)
        let status = try await bridge.ended()
        #expect(status == (signal == SIGTERM ? 0 : signal), "\(bridge.errors.suffix(1_000))")
    }

    /// Changes the configuration file, as a person would.
    func edit(_ text: String, to other: String) throws {
        let configuration = try String(contentsOfFile: self.configurationPath, encoding: .utf8)
        try #require(configuration.contains(text))
        try configuration.replacingOccurrences(of: text, with: other)
            .write(toFile: self.configurationPath, atomically: true, encoding: .utf8)
    }

    private var configuration: String {
        """
        kafka:
          properties:
            bootstrap.servers: "\(self.kafka.bootstrapServers)"
            reconnect.backoff.ms: 50
            reconnect.backoff.max.ms: 200
            retry.backoff.ms: 50
            max.in.flight.requests.per.connection: 1
        delivery:
          inFlight: { batches: \(Self.inFlightBatches), bytes: 128MiB }
          checkpoints:
            directory: "\(self.checkpointDirectory)"
            commitInterval: 50ms
            commitBatches: \(Self.commitBatches)
          refusedBackoff: { base: 100ms, cap: 1s, jitter: above }
        records: { topic: "genesys.{tenant}.events" }
        connection:
          connectTimeout: 2s
          pingInterval: 5s
          pongTimeout: 1s
          missedPongs: 1
          heartbeatGrace: 1s
          healthyAfter: 1s
          closeTimeout: 1s
          maxStall: 1s
          backoff: { base: 100ms, cap: 1s }
          holdOff: { base: 500ms, cap: 2s }
          attemptsPerSecond: \(self.settings.attemptsPerSecond)
          rolloverMargin: 1s
          revalidateInterval: 1s
          syncInterval: 1s
          maxMessageBytes: 1MiB
          maxFrameBytes: 1MiB
        admin: { listen: off }
        log: { level: info, format: text }
        tenants:

        """ + self.settings.tenants.sorted { $0.key < $1.key }.map(self.tenant).joined()
    }

    private func tenant(_ name: String, _ tenant: ContractTenant) -> String {
        let login = self.simulator.baseURL
        let port = self.proxies[name]?.port ?? self.simulator.port
        let lines =
            [
                "name: \(name)",
                "endpoints: { login: \"\(login)\", api: \"\(login)\", streaming: \"ws://127.0.0.1:\(port)\" }",
                "protocol: stream",
                "credentials: { clientId: \(name)-client, clientSecret: \(name)-secret }",
                "maxBatchSize: \(tenant.maxBatchSize)",
                "maxLatency: \(tenant.maxLatencyMilliseconds)ms",
            ] + tenant.keys + ["subscriptions:"] + tenant.subscriptions.map { "  - \($0)" }
        return "  - " + lines.joined(separator: "\n    ") + "\n"
    }

    // MARK: The simulator

    /// What is true of a tenant, or was a moment ago.
    func snapshot(_ tenant: String) async throws -> TenantSnapshot {
        let snapshot = try await self.snapshots.recent()
        return try #require(snapshot[tenant: tenant])
    }

    /// What is true of a tenant now.
    func snapshotNow(_ tenant: String) async throws -> TenantSnapshot {
        let snapshot = try await self.simulator.snapshot()
        return try #require(snapshot[tenant: tenant])
    }
}
