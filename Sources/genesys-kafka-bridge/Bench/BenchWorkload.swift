import BridgeCore
import BridgeRuntime
import Foundation
import GenesysCloud
import KafkaDelivery
import Logging
import NIOPosix
import WebSocketClient

/// What a measuring process does.
enum BenchWorkload: String, CaseIterable {
    /// The whole bridge.
    case bridge
    /// The same records through librdkafka alone.
    case bare

    /// Where to measure, and how much.
    struct Options {
        /// The brokers.
        var bootstrapServers: String
        /// The simulator's address, `http://host:port`.
        var simulator: String
        /// Events to acknowledge before measuring begins.
        var warmUpEvents: Int
        /// Events to measure, at least.
        var events: Int
        /// How long to measure, at least; a quarter of it is the warm-up's.
        var leastTime: Duration
        /// How the bridge is configured.
        var variant: BenchVariant
        /// Whether the brokers are a real cluster, which needs topics.
        var isRealCluster: Bool
        /// Names this measurement, and no other in the same cluster.
        var name: String

        /// A folder for checkpoints.
        var directory: String { NSTemporaryDirectory() + self.name }
    }

    /// The tenant that is measured.
    static let tenant = "bench"

    /// Events per message, as the simulator sends them.
    static let eventsPerMessage = 100
    private static let families = ["routing.queueEvents", "user.presence", "conversation.calls"]

    static func configuration(_ options: Options) throws -> BridgeConfiguration {
        let variant = options.variant
        let checkpoints =
            switch variant.guarantee {
            case .atLeastOnce: "directory: \"\(options.directory)\""
            case .exactlyOnce: "store: kafkaTopic, topic: \(options.name).checkpoints"
            }
        let interval = variant.commitMilliseconds.map { ", commitInterval: \($0)ms, commitBatches: 65536" } ?? ""
        let authority = options.simulator.drop { $0 != ":" }
        let subscriptions = self.families.map { "      - { event: \($0), allowUnfiltered: true }" }.joined(
            separator: "\n"
        )
        let yaml = """
            kafka:
              properties:
                bootstrap.servers: "\(options.bootstrapServers)"
                linger.ms: 5
                compression.type: "\(variant.compression)"
            delivery:
              guarantee: \(variant.guarantee.rawValue)
              checkpoints: { \(checkpoints)\(interval) }
            records: { topic: "\(options.name).{tenant}.{family}", headers: \(variant.withHeaders ? "cloudevents" : "none") }
            admin: { listen: off }
            tenants:
              - name: \(self.tenant)
                endpoints: { login: "http\(authority)", streaming: "ws\(authority)" }
                protocol: stream
                credentials: { clientId: bench-client, clientSecret: bench-secret }
                maxBatchSize: \(self.eventsPerMessage)
                maxLatency: 100ms
                subscriptions:
            \(subscriptions)
            """
        return try ConfigurationLoader().decode(Array(yaml.utf8), file: "bench").configuration
    }

    static var quietLogger: Logger {
        LogConfiguration(level: .error, format: .text).makeLogger(label: "bench")
    }

    /// Runs the bridge until enough is acknowledged.
    static func runBridge(_ options: Options) async throws -> BenchResult {
        try await self.createTopics(options)
        let bridge = try await Bridge(
            try self.configuration(options),
            share: .whole,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: self.quietLogger
        )
        return try await withThrowingTaskGroup(of: BenchResult?.self) { group in
            let (stop, stopContinuation) = AsyncStream.makeStream(of: Never.self)
            group.addTask {
                _ = await bridge.run { for await _ in stop {} }
                return nil
            }
            let warm = try await self.wait(until: options.warmUpEvents, for: options.leastTime / 4, bridge)
            let begin = (usage: ProcessUsage.current, at: bridge.clock.now, events: warm)
            let done = try await self.wait(until: warm + options.events, for: options.leastTime, bridge)
            let end = (usage: ProcessUsage.current, at: bridge.clock.now)
            // The tenant has one stream: it has been measured, so it is there.
            let latency = bridge.snapshots.first?.acknowledgementLatency ?? LatencyHistogram()
            stopContinuation.finish()
            try await group.waitForAll()
            var result = self.result(
                name: "bridge, \(options.variant.headersName)",
                events: done - begin.events,
                seconds: begin.at.duration(to: end.at).inSeconds,
                cpuSeconds: end.usage.cpuSeconds - begin.usage.cpuSeconds
            )
            result.p50Milliseconds = latency.quantile(0.5).map { $0.inSeconds * 1000 }
            result.p99Milliseconds = latency.quantile(0.99).map { $0.inSeconds * 1000 }
            return result
        }
    }

    /// Runs bare librdkafka on records of the shape that the simulator sends.
    static func runBare(_ options: Options) async throws -> BenchResult {
        try await self.createTopics(options)
        return try await BareProducer().run(try await self.sampleBatch(options), options)
    }

    private static func createTopics(_ options: Options) async throws {
        guard options.isRealCluster else { return }
        try await DemoCluster(bootstrapServers: options.bootstrapServers)
            .createTopics(of: try self.configuration(options), partitionCount: 4)
    }

    /// Removes what `createTopics` made.
    static func removeTopics(_ options: Options) async {
        guard options.isRealCluster else { return }
        let cluster = try? DemoCluster(bootstrapServers: options.bootstrapServers)
        await cluster?.close(try? self.configuration(options))
    }

    /// One whole message of the simulator, split as the bridge splits it.
    private static func sampleBatch(_ options: Options) async throws -> NotificationBatch {
        let configuration = try self.configuration(options)
        let tenant = configuration.tenants[0]
        let clock = SystemClock()
        let upstream = TenantUpstream(tenant, configuration.connection, clock: clock, logger: self.quietLogger)
        let deadLetterBytesMax = ProducerSettings.valueBytesMax(configuration.kafka)
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: SourceSettings.webSocket(configuration.connection, deadLetterBytesMax: deadLetterBytesMax)
        )
        let source = SourceSettings.stream(
            upstream,
            configuration.connection,
            deadLetterBytesMax: deadLetterBytesMax,
            connector: connector,
            clock: clock
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await upstream.run() }
            defer { group.cancelAll() }
            let connection = try await source.connect(
                topics: StreamSettingsMap.topics(tenant),
                resumeFrom: nil,
                token: try await upstream.tokens.token()
            )
            defer { connection.close(code: 1000, reason: "") }
            while case .message(let batches) = await connection.next() {
                if let batch = batches.first, batch.events.count == self.eventsPerMessage { return batch }
            }
            throw CommandFailure(.unavailable, "the simulator sent no whole message")
        }
    }

    /// Waits until so many events are acknowledged, and so long from the first of them on.
    private static func wait(until events: Int, for time: Duration, _ bridge: Bridge) async throws -> Int {
        var begin: Instant?
        while true {
            // A tenant has no stream before its subscriptions are assigned.
            let acknowledged = Int(bridge.snapshots.reduce(0) { $0 + $1.eventsAcknowledged })
            let now = bridge.clock.now
            if acknowledged > 0, begin == nil { begin = now }
            if acknowledged >= events, let begin, begin.duration(to: now) >= time { return acknowledged }
            // Looking at the counters disturbs what is measured: seldom, and what was done by then is counted, not what was asked for.
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    static func result(name: String, events: Int, seconds: Double, cpuSeconds: Double) -> BenchResult {
        BenchResult(
            name: name,
            events: events,
            eventsPerSecond: Double(events) / max(seconds, 0.001),
            cpuSecondsPerMillion: cpuSeconds / (Double(max(events, 1)) / 1e6),
            peakMebibytes: Double(ProcessUsage.current.peakBytes) / Double(1 << 20)
        )
    }
}
