import AsyncHTTPClient
import BridgeCore
import BridgeRuntime
import GenesysCloud
import KafkaDelivery
import Logging
import NIOCore
import RDKafka
import WebSocketClient

/// A configured bridge: its producers, one checkpoint store, and for each tenant of the share its token service and its stream.
struct Bridge: Sendable {
    /// How a run ended.
    enum Outcome: Hashable {
        /// Everything received was acknowledged and committed.
        case drained
        /// Nothing was in flight any more, but a delivery had failed: what was not acknowledged comes again, from the source or from the spool.
        case undelivered
        /// Kafka did not answer: what was not acknowledged is in the spool.
        case leftInSpool
        /// The drain's budget was over first: what was not acknowledged comes again, from the source or from the spool.
        case budgetSpent
    }

    let tenants: [TenantParts]
    let clock: any BridgeClock
    let producers: OpenProducers
    private let checkpoints: OpenCheckpoints
    let gates: HostGates
    private let drainTimeout: Duration
    private let logger: Logger

    /// Puts the parts together, and opens the checkpoints: locks their directory, or reads their topic and claims the tenants. Connects to
    /// nothing else yet.
    /// - Throws: `CheckpointStoreError`, or `CommandFailure` for a Kafka property that librdkafka refuses.
    init(
        _ configuration: BridgeConfiguration,
        share: Share,
        eventLoopGroup: any EventLoopGroup,
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in },
        spoolCrashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        self.logger = logger
        self.drainTimeout = configuration.delivery.drainTimeout
        let producers = try await OpenProducers(configuration, share: share, clock: clock, logger: logger)
        self.producers = producers
        do {
            self.checkpoints = try await producers.start(
                try await OpenCheckpoints(
                    configuration,
                    tenants: Set(configuration.tenants(ownedBy: share).map(\.name)),
                    clock: clock,
                    logger: logger,
                    crashPoint: crashPoint
                )
            )
        } catch {
            await producers.close()
            throw error
        }
        let inFlightBytes = configuration.inFlightBytesPerTenant(share: share)
        let deadLetterBytesMax = ProducerSettings.valueBytesMax(configuration.kafka)
        let connector = WebSocketConnector(
            eventLoopGroup: eventLoopGroup,
            configuration: SourceSettings.webSocket(configuration.connection, deadLetterBytesMax: deadLetterBytesMax),
            logger: logger
        )
        let gates = HostGates(policy: StreamSettingsMap.gate(configuration.connection), clock: clock)
        let shared = TenantAssembly(
            configuration: configuration,
            inFlightBytes: inFlightBytes,
            deadLetterBytesMax: deadLetterBytesMax,
            connector: connector,
            gates: gates,
            producer: { producers.producer(of: $0) },
            store: self.checkpoints.store,
            clock: clock,
            logger: logger,
            crashPoint: crashPoint,
            spoolCrashPoint: spoolCrashPoint
        )
        self.gates = gates
        self.tenants = configuration.tenants(ownedBy: share).map(shared.parts)
    }

    /// Runs until `stopRequested` returns, then stops reading, drains, commits and closes, within the budget (`bounded-stop`).
    func run(until stopRequested: @escaping @Sendable () async -> Void) async -> Outcome {
        let outcome = await withTaskGroup(of: Void.self) { services in
            services.addTask { await self.producers.run() }
            services.addTask { await self.checkpoints.run() }
            for tenant in self.tenants { services.addTask { await tenant.upstream.run() } }
            let outcome = await self.runStreams(until: stopRequested)
            // What is still in librdkafka after the drain was given up on: it is reported as unknown and never committed.
            await self.producers.close()
            await self.checkpoints.close()
            services.cancelAll()
            return outcome
        }
        return outcome
    }

    private func runStreams(until stopRequested: @escaping @Sendable () async -> Void) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            for tenant in self.tenants {
                group.addTask {
                    await tenant.pipeline.run()
                    return nil
                }
            }
            group.addTask {
                await stopRequested()
                self.logger.notice("stopping: reading no more, draining what is in flight")
                for tenant in self.tenants { tenant.pipeline.stop() }
                try? await self.clock.sleep(until: self.clock.now.advanced(by: self.drainTimeout))
                return .budgetSpent
            }
            var streams = self.tenants.count
            for await ended in group {
                if ended == .budgetSpent, streams > 0 {
                    group.cancelAll()
                    self.logger.warning(
                        "stopped before everything was acknowledged; the rest comes again, from the source or from the spool"
                    )
                    return .budgetSpent
                }
                streams -= 1
                if streams == 0 { group.cancelAll() }
            }
            let inSpool = self.snapshots.filter(\.isLeftInSpool).map { "\($0.stream)" }
            guard inSpool.isEmpty else {
                self.logger.warning(
                    "stopped without Kafka, which does not answer; what it has not acknowledged is in the spool, for the next start",
                    metadata: ["streams": "\(inSpool.joined(separator: ", "))"]
                )
                return .leftInSpool
            }
            let left = self.snapshots.filter(\.isLeftToSource).map { "\($0.stream)" }
            guard left.isEmpty else {
                self.logger.warning(
                    "stopped behind a delivery that failed; what it held comes again, from the source or from the spool",
                    metadata: ["streams": "\(left.joined(separator: ", "))"]
                )
                return .undelivered
            }
            self.logger.notice("stopped: everything received is acknowledged and committed")
            return .drained
        }
    }

    /// Producers that became fatal and were replaced.
    var producerReplacements: Int { self.producers.replacementCount }

    /// What each stream has done and is doing.
    var snapshots: [StreamSnapshot] {
        self.tenants.flatMap(\.pipeline.streams)
    }
}
