import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import RDKafka

/// What is around a bridge: a simulated Genesys Cloud, a Kafka, a folder for checkpoints, and the audit.
struct DemoWorld: Sendable {
    /// What kind of world.
    struct Options: Sendable {
        /// What the tenants offer.
        var dialect = StreamProtocol.stream
        /// Events per second, over all tenants.
        var rate: Double
        /// The seed of the faults; nil without any.
        var chaosSeed: UInt64?
        /// What the bridge promises.
        var guarantee = DeliveryGuarantee.atLeastOnce
        /// A real cluster; nil: an embedded broker.
        var bootstrapServers: String?
    }

    /// After the last event was made, the rest must arrive within this time, or it counts as lost.
    private static let settleTimeout = Duration.seconds(30)
    /// When nothing has arrived for so long, nothing more will.
    private static let quietTime = Duration.seconds(1)
    /// The embedded broker keeps little of each partition, and drops what was not read in time: many give a late audit time.
    private static let partitionCount = 12

    let parts: DemoParts
    let cluster: DemoCluster
    let simulator: GenesysSimulator
    let directory: String
    /// The configuration of a bridge in this world, as a user would write it.
    let yaml: String
    let reader: AuditReader
    private let counter = FaultCounter()
    private let isChaotic: Bool

    /// Starts all of it.
    static func start(_ options: Options, logger: Logger) async throws -> DemoWorld {
        let cluster = try DemoCluster(bootstrapServers: options.bootstrapServers)
        let suffix = cluster.embedded == nil ? "-\(UUID().uuidString.prefix(8).lowercased())" : ""
        let parts = DemoParts(dialect: options.dialect, guarantee: options.guarantee, suffix: suffix)
        let simulator = try await GenesysSimulator.start(
            configuration: parts.simulator(rate: options.rate, chaosSeed: options.chaosSeed),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        let directory = NSTemporaryDirectory() + "genesys-kafka-bridge-demo-\(UUID().uuidString)"
        let isChaotic = options.chaosSeed != nil
        let yaml = parts.yaml(simulator: simulator, cluster: cluster, directory: directory, isChaotic: isChaotic)
        let configuration = try Self.configuration(yaml)
        let world = DemoWorld(
            parts: parts,
            cluster: cluster,
            simulator: simulator,
            directory: directory,
            yaml: yaml,
            reader: try AuditReader(
                bootstrapServers: cluster.bootstrapServers,
                isEmbedded: cluster.embedded != nil,
                tenantByTopic: Self.tenantByTopic(configuration),
                channelTenants: options.dialect == .channels ? Set(parts.tenants) : []
            ),
            isChaotic: isChaotic
        )
        try await cluster.createTopics(of: configuration, partitionCount: Self.partitionCount)
        return world
    }

    /// The event topics, and whose they are.
    private static func tenantByTopic(_ configuration: BridgeConfiguration) -> [String: String] {
        var result: [String: String] = [:]
        for tenant in configuration.tenants {
            for topic in PlannedTopic.all(of: [tenant], in: configuration) where topic.purpose == .events {
                result[topic.name] = tenant.name
            }
        }
        return result
    }

    private init(
        parts: DemoParts,
        cluster: DemoCluster,
        simulator: GenesysSimulator,
        directory: String,
        yaml: String,
        reader: AuditReader,
        isChaotic: Bool
    ) {
        self.parts = parts
        self.cluster = cluster
        self.simulator = simulator
        self.directory = directory
        self.yaml = yaml
        self.reader = reader
        self.isChaotic = isChaotic
    }

    /// The configuration of a bridge in this world, through the same loader as any other.
    func configuration() throws -> BridgeConfiguration {
        try Self.configuration(self.yaml)
    }

    private static func configuration(_ yaml: String) throws -> BridgeConfiguration {
        try ConfigurationLoader().decode(Array(yaml.utf8), file: "demo").configuration
    }

    private var isOfChannels: Bool { self.parts.dialect == .channels }

    /// What is true now.
    func truth() async throws -> DemoTruth {
        var truth = DemoTruth(simulator: try await self.simulator.snapshot(), channels: [])
        guard self.isOfChannels else { return truth }
        for tenant in self.parts.tenants {
            truth.channels.append(try await self.simulator.channelsSnapshot(tenant: tenant))
        }
        return truth
    }

    /// Lets things go wrong until cancelled.
    func makeTrouble(seed: UInt64) async {
        await withTaskGroup(of: Void.self) { group in
            let reader = self.reader
            if let kafka = self.cluster.embedded {
                var broker = BrokerTrouble(kafka: kafka, counter: self.counter, seed: seed) { await reader.outages }
                group.addTask { await broker.run() }
            }
            group.addTask {
                await self.simulator.makeTrouble(
                    tenants: self.parts.tenants,
                    areOfChannels: self.isOfChannels,
                    seed: seed,
                    counter: self.counter
                )
            }
        }
    }

    /// Every fault that there is, in the order of the simulator's list.
    func faults(_ truth: DemoTruth) -> [FaultTally] {
        guard self.isChaotic else { return [] }
        // A real cluster is left alone.
        let brokerFaults = self.cluster.embedded == nil ? [] : BrokerTrouble.Fault.allCases.map(\.rawValue)
        let names = (self.isOfChannels ? ChaosKind.ofChannels : ChaosKind.ofStreams).map(\.name) + brokerFaults
        let planned = self.counter.planned
        let fired = truth.faultsFired.merging(self.counter.fired) { $0 + $1 }
        return names.map { FaultTally(name: $0, planned: planned[$0] ?? 0, fired: fired[$0] ?? 0) }
    }

    /// Makes events, or makes none for a while.
    ///
    /// - Parameter rate: events per second, over all tenants; nil: none.
    func produce(rate: Double?) async throws {
        guard let rate else { return try await self.simulator.stopProducing() }
        switch self.parts.dialect {
        case .stream: try await self.simulator.setRate(self.parts.ratePerTenant(rate))
        case .channels: try await self.simulator.setTopicRate(self.parts.ratePerTopic(rate))
        }
    }

    /// Ends production, and waits until the audit can account for every event, or until the time for it is over.
    func settle() async throws -> (report: AuditReport, truth: DemoTruth) {
        try await self.simulator.stopProducing()
        let clock = ContinuousClock()
        let deadline = clock.now + Self.settleTimeout
        var last: (delivered: Int, since: ContinuousClock.Instant) = (-1, clock.now)
        while true {
            let isLast = clock.now >= deadline
            let truth = try await self.truth()
            let report = try await self.report(truth)
            let delivered = report.tenants.reduce(0) { $0 + $1.delivered }
            if delivered != last.delivered { last = (delivered, clock.now) }
            // What is inside a gap may be on its way all the same.
            let isSettled = !self.isOfChannels || clock.now - last.since >= Self.quietTime
            if isLast || report.lost == 0 && truth.isQuiet && isSettled { return (report, truth) }
            // Simulator and broker are two counts that nobody joins; comparing them costs more than a late answer.
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func report(_ truth: DemoTruth) async throws -> AuditReport {
        guard self.isOfChannels else { return await self.reader.report(sent: truth.simulator.tenants.map(\.audited)) }
        var owed: [OwedNotifications] = []
        for snapshot in truth.channels {
            owed.append(try await self.simulator.owedNotifications(snapshot, unaccountedBy: self.reader))
        }
        return await self.reader.report(sent: [], notifications: owed)
    }

    /// Ends all of it.
    func close() async {
        await self.simulator.shutdown()
        await self.cluster.close(try? self.configuration())
        try? FileManager.default.removeItem(atPath: self.directory)
    }
}
