import Foundation
import GenesysSimulator
import Logging

/// Hours of the bridge as a process of its own, in a world where everything goes wrong, with an audit and an eye on what the process holds.
struct SoakRun: Sendable {
    /// What to run.
    struct Options: Sendable {
        /// What the tenants offer.
        var dialect = StreamProtocol.stream
        /// How long events are made.
        var seconds: Int
        /// Events per second, over all tenants.
        var rate: Double
        /// The seed of the faults; nil without any.
        var chaosSeed: UInt64?
        /// What the bridge promises.
        var guarantee: DeliveryGuarantee
        /// A real cluster; nil: an embedded broker.
        var bootstrapServers: String?
        /// The bridge is killed so often; nil: never.
        var killEverySeconds: Int?
        /// Where the bridge's log goes.
        var logPath: String
        /// Who sees a line every minute.
        var show: @Sendable (String) -> Void
    }

    private static let secondsBetweenLines = 60

    let options: Options
    let logger: Logger

    /// Runs, until the time is over or `stopRequested` returns, and audits.
    func run(until stopRequested: @escaping @Sendable () async -> Void) async throws -> SoakSummary {
        let world = try await DemoWorld.start(
            DemoWorld.Options(
                dialect: self.options.dialect,
                rate: self.options.rate,
                chaosSeed: self.options.chaosSeed,
                guarantee: self.options.guarantee,
                bootstrapServers: self.options.bootstrapServers
            ),
            logger: self.logger
        )
        let configurationPath = world.directory + ".yaml"
        try world.yaml.write(toFile: configurationPath, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: configurationPath) }
        let bridge = try SoakedBridge(configurationPath: configurationPath, logPath: self.options.logPath)
        let summary = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await world.reader.run() }
            let (samples, kills, secondsHeld) = try await self.watch(bridge, world, until: stopRequested)
            let (report, truth) = try await world.settle()
            let status = bridge.stop()
            group.cancelAll()
            return SoakSummary(
                seconds: self.options.seconds,
                chaosSeed: self.options.chaosSeed,
                guarantee: self.options.guarantee.rawValue,
                mustNotRepeat: self.options.guarantee == .exactlyOnce && self.options.bootstrapServers != nil,
                secondsHeld: secondsHeld,
                kills: kills,
                unexpectedEnds: bridge.unexpectedEnds,
                exitStatus: status,
                audit: report,
                faults: world.faults(truth),
                violations: truth.violations,
                growth: kills == 0 ? GrowthReport(samples) : nil
            )
        }
        await world.close()
        return summary
    }

    /// Samples the bridge once a second, and makes trouble, until the time is over.
    private func watch(
        _ bridge: SoakedBridge,
        _ world: DemoWorld,
        until stopRequested: @escaping @Sendable () async -> Void
    ) async throws -> ([ProcessSample], kills: Int, secondsHeld: Int) {
        let isOver = StopFlag()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await stopRequested()
                isOver.raise()
            }
            if let seed = self.options.chaosSeed { group.addTask { await world.makeTrouble(seed: seed) } }
            var samples: [ProcessSample] = []
            var kills = 0
            var brake = ProductionBrake()
            var random = SeededRandom(seed: self.options.chaosSeed ?? 1)
            var killAt = self.nextKill(after: 0, using: &random)
            for second in 1...self.options.seconds where !isOver.isRaised {
                // A sample a second: here the time itself is what is waited for.
                try await Task.sleep(for: .seconds(1))
                try bridge.startAgainIfEnded()
                if let due = killAt, second >= due {
                    // At any moment, not at the turn of a second.
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...999, using: &random)))
                    bridge.kill()
                    // What it was told, such as to stay away for a second, the next one cannot know.
                    try await world.simulator.forgetClients()
                    try bridge.start()
                    kills += 1
                    killAt = self.nextKill(after: second, using: &random)
                }
                switch brake.order(lag: await world.reader.lagMax()) {
                case .stop: try await world.produce(rate: nil)
                case .goOn: try await world.produce(rate: self.options.rate)
                case nil: break
                }
                if let sample = ProcessSample(of: bridge.identifier, seconds: second) {
                    samples.append(sample)
                    if second % Self.secondsBetweenLines == 0 { try await self.show(sample, world) }
                }
            }
            group.cancelAll()
            return (samples, kills, brake.seconds)
        }
    }

    /// The second of the next kill: about so often as was asked for.
    private func nextKill(after second: Int, using random: inout SeededRandom) -> Int? {
        self.options.killEverySeconds.map { interval in
            second + Int.random(in: max(1, interval / 2)...max(1, interval * 3 / 2), using: &random)
        }
    }

    private func show(_ sample: ProcessSample, _ world: DemoWorld) async throws {
        let truth = try await world.truth()
        var delivered = 0
        for tenant in world.parts.tenants { delivered += await world.reader.delivered(tenant) }
        let fired = world.faults(truth).reduce(0) { $0 + $1.fired }
        self.options.show(
            "\(sample.seconds) s  made \(truth.eventsProduced)  delivered \(delivered)  "
                + "faults \(fired)  resident \(sample.residentBytes >> 20) MiB  descriptors \(sample.descriptors)"
        )
    }
}
