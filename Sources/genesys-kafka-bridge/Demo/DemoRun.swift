import BridgeCore
import BridgeRuntime
import Foundation
import GenesysSimulator
import Logging
import NIOPosix
import RDKafka

/// One demo run: simulator, embedded broker, the real bridge with file checkpoints, and an audit that reads the topics all the while.
struct DemoRun: Sendable {
    /// What to run.
    struct Options: Sendable {
        /// How long events are made.
        var seconds: Int
        /// Events per second, over all tenants.
        var rate: Double
        /// The seed of the faults; nil without chaos.
        var chaosSeed: UInt64?
        /// Who sees the frames.
        var show: @Sendable (DemoFrame) -> Void
    }

    /// After the last event was made, the rest must arrive within this time, or it counts as lost.
    private static let settleTimeout = Duration.seconds(30)
    private static let frameInterval = Duration.milliseconds(500)

    let options: Options
    let logger: Logger

    /// Runs, until the time is over or `stopRequested` returns, and audits.
    func run(until stopRequested: @escaping @Sendable () async -> Void) async throws -> DemoSummary {
        let directory = NSTemporaryDirectory() + "genesys-kafka-bridge-demo-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let kafka = try EmbeddedKafka(brokerCount: 3)
        let simulator = try await GenesysSimulator.start(
            configuration: DemoParts.simulator(rate: self.options.rate, chaosSeed: self.options.chaosSeed),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: self.logger
        )
        let configuration = try DemoParts.bridge(
            simulator: simulator,
            bootstrapServers: kafka.bootstrapServers,
            directory: directory,
            isChaotic: self.options.chaosSeed != nil
        )
        for topic in DemoParts.tenantByTopic.keys.sorted() { try kafka.createTopic(topic, partitionCount: 4) }
        let bridge = try Bridge(
            configuration,
            share: .whole,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: self.logger
        )
        let reader = try AuditReader(bootstrapServers: kafka.bootstrapServers, tenantByTopic: DemoParts.tenantByTopic)

        let summary = try await withThrowingTaskGroup(of: Void.self) { group in
            let (stop, stopContinuation) = AsyncStream.makeStream(of: Never.self)
            group.addTask { await reader.run() }
            group.addTask { _ = await bridge.run { for await _ in stop {} } }
            let brokerFaults = BrokerFaultCounter()
            if let seed = self.options.chaosSeed {
                group.addTask { await Self.troubleBroker(kafka, plan: ChaosPlan(seed: seed), counter: brokerFaults) }
            }
            await self.watch(bridge, simulator, brokerFaults, until: stopRequested)
            try await simulator.stopProducing()
            brokerFaults.stop()
            let summary = try await self.settle(bridge, simulator, reader, brokerFaults)
            stopContinuation.finish()
            group.cancelAll()
            return summary
        }
        await simulator.shutdown()
        await kafka.close()
        return summary
    }

    /// Shows frames until the time is over.
    private func watch(
        _ bridge: Bridge,
        _ simulator: GenesysSimulator,
        _ brokerFaults: BrokerFaultCounter,
        until stopRequested: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await stopRequested() }
            group.addTask { try? await Task.sleep(for: .seconds(self.options.seconds)) }
            group.addTask {
                let start = bridge.clock.now
                var meter = ThroughputMeter()
                while !Task.isCancelled {
                    let streams = bridge.snapshots
                    let now = bridge.clock.now
                    meter.sample(acknowledged: streams.reduce(0) { $0 + $1.eventsAcknowledged }, now: now)
                    let faults = (try? await simulator.snapshot().faultsFired) ?? [:]
                    self.options.show(
                        DemoFrame(
                            elapsed: start.duration(to: now),
                            total: .seconds(self.options.seconds),
                            streams: streams,
                            now: now,
                            throughput: meter.eventsPerSecond,
                            producerReplacements: bridge.producerReplacements,
                            faults: faults.merging(brokerFaults.counts) { $0 + $1 }
                        )
                    )
                    try? await Task.sleep(for: Self.frameInterval)
                }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Waits until the audit has seen every event that the simulator sent, or until the time for it is over.
    private func settle(
        _ bridge: Bridge,
        _ simulator: GenesysSimulator,
        _ reader: AuditReader,
        _ brokerFaults: BrokerFaultCounter
    ) async throws -> DemoSummary {
        let deadline = bridge.clock.now.advanced(by: Self.settleTimeout)
        var report = await reader.report(sent: [])
        var snapshot = try await simulator.snapshot()
        while bridge.clock.now < deadline {
            snapshot = try await simulator.snapshot()
            report = await reader.report(sent: snapshot.tenants.map(\.audited))
            // Everything made was sent, everything sent is accounted for.
            if report.lost == 0, snapshot.tenants.allSatisfy({ $0.eventsProduced == $0.eventsOffered }) { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        var reconnects: [String: Int] = [:]
        for stream in bridge.snapshots { reconnects.merge(stream.endings.mapValues(Int.init)) { $0 + $1 } }
        return DemoSummary(
            seconds: self.options.seconds,
            chaosSeed: self.options.chaosSeed,
            audit: report,
            faults: snapshot.faultsFired.merging(brokerFaults.counts) { $0 + $1 },
            reconnects: reconnects,
            producerReplacements: bridge.producerReplacements
        )
    }

    /// Takes brokers down and up, and breaks connections, until told to stop.
    private static func troubleBroker(_ kafka: EmbeddedKafka, plan: ChaosPlan, counter: BrokerFaultCounter) async {
        var plan = plan
        while !counter.isStopped {
            let (fault, after) = plan.nextBrokerFault()
            try? await Task.sleep(for: after)
            guard !counter.isStopped, !Task.isCancelled else { return }
            do {
                switch fault {
                case .brokerDown:
                    try kafka.setBrokerDown()
                    try? await Task.sleep(for: .seconds(1))
                    try kafka.setBrokerUp()
                case .brokerDisconnect:
                    try kafka.pushRequestErrors(.produce, [.transport])
                }
                counter.count(fault.rawValue)
            } catch {
                return  // The cluster is closed: the run is over.
            }
        }
    }
}
