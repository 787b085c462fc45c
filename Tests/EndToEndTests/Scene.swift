import AsyncHTTPClient
import BridgeOperations
import Foundation
import GenesysSimulator
import NIOCore
import NIOHTTP1
import RDKafka
import Synchronization
import Testing

@testable import genesys_kafka_bridge

/// Simulator and broker as processes, a folder for configuration and checkpoints, and an audit that reads all the while.
final class Scene: Sendable {
    /// How the scene is set.
    struct Settings {
        var rate: Int = 5_000
        var seed: UInt64 = 1
        /// On real brokers each has a suffix of the scene's own: ``Scene/tenants``.
        var tenants = ["acme"]
        /// On the real brokers, if there are some: what breaks a broker, or says nothing of Kafka, stays on the embedded one.
        var onRealBrokers = false
        /// Properties of the event topics, and of the dead letters, where the brokers are real.
        var topicProperties: [String: String] = [:]
        var deadLetterProperties: [String: String] = [:]
        /// More librdkafka properties of the bridge, each a line of YAML.
        var kafkaProperties: [String] = []
        var inFlightBatches = 8
        var inFlightBytes = "16MiB"
        var commitBatches = 4
        /// The checkpoints are in a topic of the broker, not in the folder.
        var checkpointsInKafka = false
        /// Records and positions in transactions. The embedded broker's isolate nothing.
        var isExactlyOnce = false
        var maxBatchSize = 50
        var drainTimeout = "20s"
        var logLevel = "info"
        var simulatorArguments: [String] = []
        var connection = ""
        var admin = "127.0.0.1:0"
        /// In place of the right secret of this tenant.
        var wrongSecretOf: String?

        var keepsCheckpointsInKafka: Bool { self.checkpointsInKafka || self.isExactlyOnce }
    }

    static let families = ["routing.queueEvents", "user.presence", "conversation.calls"]

    let settings: Settings
    let folder: URL
    /// The tenants by their names, in the settings' order.
    let tenants: [String]
    let checkpointTopic: String
    private let embeddedBroker: RunningProcess?
    /// Those that were started, while somebody holds them.
    let bridges = Mutex<[StartedBridge]>([])
    let simulator: RunningProcess
    let bootstrapServers: String
    let simulatorURL: String
    let audit: AuditReader

    private init(
        settings: Settings,
        folder: URL,
        suffix: String,
        embeddedBroker: RunningProcess?,
        simulator: RunningProcess,
        bootstrapServers: String,
        simulatorURL: String
    ) throws {
        self.settings = settings
        self.folder = folder
        self.tenants = settings.tenants.map { $0 + suffix }
        self.checkpointTopic = Self.checkpointTopic + suffix
        self.embeddedBroker = embeddedBroker
        self.simulator = simulator
        self.bootstrapServers = bootstrapServers
        self.simulatorURL = simulatorURL
        var tenantByTopic: [String: String] = [:]
        for tenant in self.tenants {
            for topic in Self.eventTopics(of: tenant) { tenantByTopic[topic] = tenant }
        }
        self.audit = try AuditReader(bootstrapServers: bootstrapServers, tenantByTopic: tenantByTopic)
    }

    var isOnRealBrokers: Bool { self.embeddedBroker == nil }

    /// The embedded broker.
    var broker: RunningProcess {
        get throws { try #require(self.embeddedBroker, "a test that breaks a broker stays on the embedded one") }
    }

    deinit {
        try? FileManager.default.removeItem(at: self.folder)
    }

    private static let checkpointTopic = "genesys-bridge.checkpoints"

    private static func eventTopics(of tenant: String) -> [String] { self.families.map { "genesys.\(tenant).\($0)" } }

    static func secret(of tenant: String) -> String { "s3cr3t/of+\(tenant)=" }

    /// Sets the scene, runs `body` in it, and clears it away. The audit reads while `body` runs.
    static func with(_ settings: Settings = Settings(), _ body: @Sendable (Scene) async throws -> Void) async throws {
        LastWords.forgetRemains()
        let suffix = settings.onRealBrokers && RealKafka.isGiven ? RealKafka.suffix() : ""
        let topics = settings.tenants.map { $0 + suffix }.flatMap { tenant in
            self.eventTopics(of: tenant) + ["genesys.\(tenant).dead-letters", "genesys.\(tenant).gaps"]
        }
        guard suffix.isEmpty else {
            let wanted = topics.map { topic in
                let isDeadLetters = topic.hasSuffix(".dead-letters")
                let properties = isDeadLetters ? settings.deadLetterProperties : settings.topicProperties
                return KafkaNewTopic(name: topic, partitionCount: 12, properties: properties)
            }
            // The bridge creates its checkpoint topic.
            let checkpoints = settings.keepsCheckpointsInKafka ? [Self.checkpointTopic + suffix] : []
            return try await RealKafka.with(wanted, removing: checkpoints) { servers in
                try await self.with(settings, suffix: suffix, broker: nil, bootstrapServers: servers, body)
            }
        }
        let checkpoints = settings.keepsCheckpointsInKafka ? ["--topic", "\(Self.checkpointTopic):1"] : []
        let broker = try RunningProcess(
            ["broker", "--brokers", "1"] + topics.flatMap { ["--topic", "\($0):12"] } + checkpoints
        )
        defer { broker.kill() }
        let servers = try await broker.line(beginningWith: "BOOTSTRAP ").split(separator: " ")[1]
        try await self.with(settings, suffix: suffix, broker: broker, bootstrapServers: String(servers), body)
    }

    private static func with(
        _ settings: Settings,
        suffix: String,
        broker: RunningProcess?,
        bootstrapServers: String,
        _ body: @Sendable (Scene) async throws -> Void
    ) async throws {
        let folder = try TestFolder.make("scene")
        let tenants = settings.tenants.flatMap { name in
            ["--tenant", "\(name + suffix):\(name)-client:\(self.secret(of: name))"]
        }
        let simulator = try RunningProcess(
            ["simulate", "--rate", "\(settings.rate)", "--seed", "\(settings.seed)", "--start-at-beginning"] + tenants
                + settings.simulatorArguments
        )
        defer { simulator.kill() }
        let simulatorLine = try await simulator.line(beginningWith: "simulator listens on ")
        let url = try #require(simulatorLine.split(separator: " ").first { $0.hasPrefix("http") })
        let scene = try Scene(
            settings: settings,
            folder: folder,
            suffix: suffix,
            embeddedBroker: broker,
            simulator: simulator,
            bootstrapServers: bootstrapServers,
            simulatorURL: String(url)
        )
        try scene.writeConfiguration()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await scene.audit.run() }
            defer { group.cancelAll() }
            do {
                try await body(scene)
            } catch {
                // In a task of its own: this one may be cancelled, when the test's time is over.
                let state = await Task { await scene.state() }.value
                Issue.record("\(error)\n\(state)")
                throw error
            }
        }
    }

    var configurationPath: String { self.folder.appendingPathComponent("bridge.yaml").path }
    var checkpointDirectory: String { self.folder.appendingPathComponent("checkpoints").path }

    private func writeConfiguration() throws {
        let streaming = self.simulatorURL.replacingOccurrences(of: "http", with: "ws")
        let subscriptions = Self.families.map { "      - { event: \($0), allowUnfiltered: true }" }.joined(
            separator: "\n"
        )
        let tenants = zip(self.settings.tenants, self.tenants).map { tenant, name in
            let secret = tenant == self.settings.wrongSecretOf ? "wr0ng/s3cr3t" : Self.secret(of: tenant)
            return """
                  - name: \(name)
                    endpoints: { login: "\(self.simulatorURL)", streaming: "\(streaming)" }
                    protocol: stream
                    credentials: { clientId: \(tenant)-client, clientSecret: "\(secret)" }
                    maxBatchSize: \(self.settings.maxBatchSize)
                    maxLatency: 100ms
                    subscriptions:
                \(subscriptions)
                """
        }.joined(separator: "\n")
        let checkpoints =
            self.settings.keepsCheckpointsInKafka
            ? "store: kafkaTopic\n    topic: \"\(self.checkpointTopic)\"" : "directory: \"\(self.checkpointDirectory)\""
        // The embedded broker does not check sequence numbers.
        let inFlight = self.isOnRealBrokers ? [] : ["max.in.flight.requests.per.connection: 1"]
        let properties = (inFlight + self.settings.kafkaProperties).joined(separator: "\n    ")
        let yaml = """
            kafka:
              properties:
                bootstrap.servers: "\(self.bootstrapServers)"
                reconnect.backoff.max.ms: 200
                \(properties)
            delivery:
              guarantee: \(self.settings.isExactlyOnce ? "exactly-once" : "at-least-once")
              inFlight: { batches: \(self.settings.inFlightBatches), bytes: \(self.settings.inFlightBytes) }
              drainTimeout: \(self.settings.drainTimeout)
              checkpoints:
                \(checkpoints)
                commitInterval: 50ms
                commitBatches: \(self.settings.commitBatches)
            connection:
              maxMessageBytes: 4MiB
              maxFrameBytes: 4MiB
              backoff: { base: 100ms, cap: 1s }
            \(self.settings.connection)
            admin: { listen: "\(self.settings.admin)" }
            log: { level: \(self.settings.logLevel), format: text }
            tenants:
            \(tenants)
            """
        try yaml.write(toFile: self.configurationPath, atomically: true, encoding: .utf8)
    }

    /// Starts a bridge.
    func bridge(_ arguments: [String] = []) throws -> RunningProcess {
        let bridge = try RunningProcess(["run", "--config", self.configurationPath] + arguments)
        self.bridges.withLock { $0.append(StartedBridge(process: bridge)) }
        return bridge
    }

    /// Starts a bridge whose configuration is the scene's with `edit` made to it.
    func bridge(_ name: String, editing edit: (String) -> String) throws -> RunningProcess {
        let path = self.folder.appendingPathComponent("\(name).yaml").path
        let text = try String(contentsOfFile: self.configurationPath, encoding: .utf8)
        let edited = edit(text)
        try #require(edited != text, "the edit changes something")
        try edited.write(toFile: path, atomically: true, encoding: .utf8)
        let bridge = try RunningProcess(["run", "--config", path])
        self.bridges.withLock { $0.append(StartedBridge(process: bridge)) }
        return bridge
    }

    // MARK: What a bridge says of itself

    /// What `GET path` of the bridge's admin server answers.
    func ask(
        _ bridge: RunningProcess,
        _ path: String,
        timeout: TimeAmount = .seconds(120)
    ) async throws -> (status: Int, body: String) {
        var address: Substring?
        try await eventually("the admin server's address") {
            let parts = bridge.errors.components(separatedBy: "admin server listens on ")
            // The line is whole once something stands behind it.
            address = parts.count > 1 && parts[1].contains("\n") ? parts[1].prefix { !$0.isWhitespace } : nil
            return address != nil
        }
        let url = "http://\(try #require(address))\(path)"
        let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: timeout)
        let body = try await response.body.collect(upTo: 4 << 20)
        return (Int(response.status.code), String(buffer: body))
    }

    /// What the bridge says of the first tenant.
    func health(_ bridge: RunningProcess) async throws -> TenantHealth {
        let body = try await self.ask(bridge, "/status").body
        return try #require(try JSONDecoder().decode(HealthReport.self, from: Data(body.utf8)).tenants.first)
    }

    /// Freezes the broker, and waits until the bridge holds something that cannot be acknowledged any more: what it received after
    /// that, or what has waited for longer than an answer that was on its way could take to be read.
    func freezeBrokerWithSomethingInFlight(_ bridge: RunningProcess) async throws {
        try await self.freezeBroker()
        let frozenAt = ContinuousClock.now
        try await eventually("something in flight that cannot be acknowledged") {
            let elapsed = ContinuousClock.now - frozenAt
            let health = try await self.health(bridge)
            guard health.inFlightBytes > 0, let age = health.oldestUnacknowledgedAgeSeconds else { return false }
            return .seconds(age) < elapsed || age > 5
        }
    }

    /// Stops the broker as it stands.
    func freezeBroker() async throws {
        if let broker = self.embeddedBroker { return try await broker.freeze() }
        kill(try #require(RealKafka.processID), SIGSTOP)
    }

    /// Lets a stopped broker go on.
    func thawBroker() throws {
        if let broker = self.embeddedBroker { return broker.signal(SIGCONT) }
        kill(try #require(RealKafka.processID), SIGCONT)
    }

    // MARK: The simulator

    func snapshot() async throws -> SimulatorSnapshot {
        var request = HTTPClientRequest(url: self.simulatorURL + "/simulator/tenants")
        request.method = .GET
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        let body = try await response.body.collect(upTo: 4 << 20)
        return try JSONDecoder().decode(SimulatorSnapshot.self, from: Data(body.readableBytesView))
    }

    @discardableResult
    func order(_ route: String, _ json: String = "{}") async throws -> Data {
        var request = HTTPClientRequest(url: self.simulatorURL + "/simulator/" + route)
        request.method = .POST
        request.body = .bytes(ByteBuffer(string: json))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        #expect(response.status == .ok)
        return Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
    }

    /// Injects a fault; asks again while no stream is open that could take it up.
    func inject(_ json: String) async throws {
        struct Answer: Decodable { var reached: Int }
        try await eventually("a stream that takes the fault up") {
            let answer = try await self.order("faults", json)
            return try JSONDecoder().decode(Answer.self, from: answer).reached > 0
        }
    }

    // MARK: The audit

    /// Distinct events of the first tenant that are in Kafka.
    func delivered() async -> Int {
        await self.audit.delivered(self.tenants[0])
    }

    /// Distinct events of all tenants that are in Kafka or in the dead letters.
    private func arrived() async -> Int {
        var count = 0
        for tenant in self.tenants {
            count += await self.audit.delivered(tenant)
            count += await self.audit.notices(tenant).deadLettered
        }
        return count
    }

    /// What became of everything that the simulator has sent so far.
    func report() async throws -> AuditReport {
        await self.audit.report(sent: try await self.snapshot().tenants.map(\.audited))
    }

    /// Ends production, and waits until everything made has been sent and has arrived.
    func everythingArrives() async throws {
        try await self.order("stop")
        try await eventually("the arrival of every event", counting: { await self.arrived() }) {
            let snapshot = try await self.snapshot()
            let unread = try await self.report().unread
            if unread > 0 {
                throw NeverHappened(
                    description: "the broker dropped \(unread) records before they were read: the arrival"
                )
            }
            for tenant in snapshot.tenants {
                guard tenant.eventsOffered == tenant.eventsProduced else { return false }
                let sent = tenant.eventsOffered - (tenant.firstSequence ?? tenant.eventsOffered)
                guard await self.audit.delivered(tenant.name) >= sent else { return false }
            }
            return true
        }
    }

    /// Ends production, and waits until every event is in Kafka or in the dead letters.
    func everythingIsAccountedFor() async throws {
        try await self.order("stop")
        try await eventually("the account of every event", counting: { await self.arrived() }) {
            // First that nothing more comes: a report from before that says nothing of what came in between.
            guard try await self.snapshot().tenants.allSatisfy({ $0.eventsOffered == $0.eventsProduced }) else {
                return false
            }
            return try await self.report().isClean
        }
    }

    // MARK: The checkpoint

    /// The sequence number that the committed position of the first tenant stands for; nil before the first commit.
    func committedSequence() throws -> Int? {
        try CommittedPosition.sequence(of: self.tenants[0], in: self.checkpointDirectory)
    }
}
