import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import RDKafka

/// What is around a bridge: a simulated Genesys Cloud, a Kafka, a folder for checkpoints, and the audit.
struct DemoWorld: Sendable {
    /// What kind of world.
    struct Options: Sendable {
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
    /// The embedded broker keeps little of each partition, and drops what was not read in time: many give a late audit time.
    private static let partitionCount = 12

    let parts: DemoParts
    let cluster: DemoCluster
    let simulator: GenesysSimulator
    let directory: String
    let reader: AuditReader
    private let counter = FaultCounter()
    private let isChaotic: Bool

    /// Starts all of it.
    static func start(_ options: Options, logger: Logger) async throws -> DemoWorld {
        let cluster = try DemoCluster(bootstrapServers: options.bootstrapServers)
        let suffix = cluster.embedded == nil ? "-\(UUID().uuidString.prefix(8).lowercased())" : ""
        let parts = DemoParts(guarantee: options.guarantee, suffix: suffix)
        let world = DemoWorld(
            parts: parts,
            cluster: cluster,
            simulator: try await GenesysSimulator.start(
                configuration: parts.simulator(rate: options.rate, chaosSeed: options.chaosSeed),
                eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
                logger: logger
            ),
            directory: NSTemporaryDirectory() + "genesys-kafka-bridge-demo-\(UUID().uuidString)",
            reader: try AuditReader(
                bootstrapServers: cluster.bootstrapServers,
                isEmbedded: cluster.embedded != nil,
                tenantByTopic: parts.tenantByTopic
            ),
            isChaotic: options.chaosSeed != nil
        )
        try await cluster.createTopics(of: try world.configuration(), partitionCount: Self.partitionCount)
        return world
    }

    private init(
        parts: DemoParts,
        cluster: DemoCluster,
        simulator: GenesysSimulator,
        directory: String,
        reader: AuditReader,
        isChaotic: Bool
    ) {
        self.parts = parts
        self.cluster = cluster
        self.simulator = simulator
        self.directory = directory
        self.reader = reader
        self.isChaotic = isChaotic
    }

    /// The configuration of a bridge in this world, as a user would write it.
    var yaml: String {
        self.parts.yaml(
            simulator: self.simulator,
            cluster: self.cluster,
            directory: self.directory,
            isChaotic: self.isChaotic
        )
    }

    /// That configuration, through the same loader as any other.
    func configuration() throws -> BridgeConfiguration {
        try ConfigurationLoader().decode(Array(self.yaml.utf8), file: "demo").configuration
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
                await self.simulator.makeTrouble(tenants: self.parts.tenants, seed: seed, counter: self.counter)
            }
        }
    }

    /// Every fault that there is, in the order of the simulator's list.
    func faults(_ snapshot: SimulatorSnapshot) -> [FaultTally] {
        guard self.isChaotic else { return [] }
        // A real cluster is left alone.
        let brokerFaults = self.cluster.embedded == nil ? [] : BrokerTrouble.Fault.allCases.map(\.rawValue)
        let names = FaultKind.allCases.map(\.rawValue) + brokerFaults
        let planned = self.counter.planned
        let fired = snapshot.faultsFired.merging(self.counter.fired) { $0 + $1 }
        return names.map { FaultTally(name: $0, planned: planned[$0] ?? 0, fired: fired[$0] ?? 0) }
    }

    /// Makes events, or makes none for a while.
    ///
    /// - Parameter rate: events per second, over all tenants; nil: none.
    func produce(rate: Double?) async throws {
        guard let rate else { return try await self.simulator.stopProducing() }
        try await self.simulator.setRate(self.parts.ratePerTenant(rate))
    }

    /// Ends production, and waits until the audit can account for every event, or until the time for it is over.
    func settle() async throws -> (report: AuditReport, snapshot: SimulatorSnapshot) {
        try await self.simulator.stopProducing()
        let clock = ContinuousClock()
        let deadline = clock.now + Self.settleTimeout
        while true {
            let isLast = clock.now >= deadline
            let snapshot = try await self.simulator.snapshot()
            let report = await self.reader.report(sent: snapshot.tenants.map(\.audited))
            // Everything made was sent, everything sent is accounted for, and the bridge is up: it can be asked to end.
            let isWhole =
                report.lost == 0
                && snapshot.tenants.allSatisfy { $0.eventsProduced == $0.eventsOffered && $0.connectionsOpen > 0 }
            if isWhole || isLast { return (report, snapshot) }
            // Simulator and broker are two counts that nobody joins; comparing them costs more than a late answer.
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// Ends all of it.
    func close() async {
        await self.simulator.shutdown()
        await self.cluster.close(try? self.configuration())
        try? FileManager.default.removeItem(atPath: self.directory)
    }
}
