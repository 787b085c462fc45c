import BridgeCore
import BridgeRuntime
import GenesysSimulator
import Logging
import NIOPosix

/// One demo run: the real bridge in its world, and an audit that reads the topics all the while.
struct DemoRun: Sendable {
    /// What to run.
    struct Options: Sendable {
        /// What the tenants offer.
        var dialect = StreamProtocol.stream
        /// How long events are made.
        var seconds: Int
        /// Events per second, over all tenants.
        var rate: Double
        /// The seed of the faults; nil without chaos.
        var chaosSeed: UInt64?
        /// Who sees the frames.
        var show: @Sendable (DemoFrame) -> Void
    }

    private static let frameInterval = Duration.milliseconds(500)

    let options: Options
    let logger: Logger

    /// Runs, until the time is over or `stopRequested` returns, and audits.
    func run(until stopRequested: @escaping @Sendable () async -> Void) async throws -> DemoSummary {
        let world = try await DemoWorld.start(
            DemoWorld.Options(
                dialect: self.options.dialect,
                rate: self.options.rate,
                chaosSeed: self.options.chaosSeed
            ),
            logger: self.logger
        )
        let bridge = try await Bridge(
            world.configuration(),
            share: .whole,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: self.logger
        )
        let summary = try await withThrowingTaskGroup(of: Void.self) { group in
            let (stop, stopContinuation) = AsyncStream.makeStream(of: Never.self)
            group.addTask { await world.reader.run() }
            group.addTask { _ = await bridge.run { for await _ in stop {} } }
            await self.watch(bridge, world, until: stopRequested)
            let (report, truth) = try await world.settle()
            stopContinuation.finish()
            group.cancelAll()
            return self.summary(bridge, world, report, truth)
        }
        await world.close()
        return summary
    }

    private func summary(
        _ bridge: Bridge,
        _ world: DemoWorld,
        _ report: AuditReport,
        _ truth: DemoTruth
    ) -> DemoSummary {
        var reconnects: [String: Int] = [:]
        for stream in bridge.snapshots { reconnects.merge(stream.endings.mapValues(Int.init)) { $0 + $1 } }
        return DemoSummary(
            dialect: self.options.dialect.rawValue,
            seconds: self.options.seconds,
            chaosSeed: self.options.chaosSeed,
            audit: report,
            faults: world.faults(truth),
            violations: truth.violations,
            channelsMade: truth.channels.map(\.channelsCreated),
            reconnects: reconnects,
            producerReplacements: bridge.producerReplacements
        )
    }

    /// Shows frames, and makes trouble, until the time is over.
    private func watch(
        _ bridge: Bridge,
        _ world: DemoWorld,
        until stopRequested: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await stopRequested() }
            // Its length is what the caller asks for.
            group.addTask { try? await Task.sleep(for: .seconds(self.options.seconds)) }
            group.addTask { await self.showFrames(bridge, world) }
            if let seed = self.options.chaosSeed { group.addTask { await world.makeTrouble(seed: seed) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func showFrames(_ bridge: Bridge, _ world: DemoWorld) async {
        let start = bridge.clock.now
        var meter = ThroughputMeter()
        while !Task.isCancelled {
            let streams = bridge.snapshots
            let now = bridge.clock.now
            meter.sample(acknowledged: streams.reduce(0) { $0 + $1.eventsAcknowledged }, now: now)
            let faults = (try? await world.truth()).map(world.faults) ?? []
            self.options.show(
                DemoFrame(
                    elapsed: start.duration(to: now),
                    total: .seconds(self.options.seconds),
                    streams: streams,
                    now: now,
                    throughput: meter.eventsPerSecond,
                    producerReplacements: bridge.producerReplacements,
                    faults: faults
                )
            )
            // People read the frames.
            try? await Task.sleep(for: Self.frameInterval)
        }
    }
}
