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
    /// Nothing but a reader of a channel's socket.
    case reader

    /// Runs the bridge until enough is acknowledged.
    static func runBridge(_ options: BenchOptions) async throws -> BenchResult {
        try await self.createTopics(options)
        let bridge = try await Bridge(
            try options.configuration(),
            share: .whole,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            clock: SystemClock(),
            logger: BenchOptions.quietLogger
        )
        return try await withThrowingTaskGroup(of: BenchResult?.self) { group in
            let (stop, stopContinuation) = AsyncStream.makeStream(of: Never.self)
            group.addTask {
                _ = await bridge.run { for await _ in stop {} }
                return nil
            }
            let warm = try await self.wait(until: options.warmUpEvents, for: options.leastTime / 4, bridge)
            let watch = try await ChannelBenchWatch(options, bridge)
            let begin = (usage: ProcessUsage.current, at: bridge.clock.now, events: warm)
            let done = try await self.wait(until: warm + options.events, for: options.leastTime, bridge)
            let end = (usage: ProcessUsage.current, at: bridge.clock.now)
            let share = try await watch?.end(bridge, events: done - warm)
            // The tenant has one stream: it has been measured, so it is there.
            let latency = bridge.snapshots.first?.acknowledgementLatency ?? LatencyHistogram()
            stopContinuation.finish()
            try await group.waitForAll()
            var result = BenchResult(
                name: "bridge, \(options.variant.headersName)",
                events: done - begin.events,
                seconds: begin.at.duration(to: end.at).inSeconds,
                cpuSeconds: end.usage.cpuSeconds - begin.usage.cpuSeconds
            )
            result.p50Milliseconds = latency.quantile(0.5).map { $0.inSeconds * 1000 }
            result.p99Milliseconds = latency.quantile(0.99).map { $0.inSeconds * 1000 }
            result.senderHeldBackShare = share
            return result
        }
    }

    /// Runs bare librdkafka on records of the shape that the simulator sends.
    static func runBare(_ options: BenchOptions) async throws -> BenchResult {
        try await self.createTopics(options)
        let batches =
            try await options.variant.channels == nil
            ? [self.sampleBatch(options)] : self.channelBatches(options)
        return try await BareProducer().run(batches, options)
    }

    private static func createTopics(_ options: BenchOptions) async throws {
        guard options.isRealCluster else { return }
        try await DemoCluster(bootstrapServers: options.bootstrapServers)
            .createTopics(of: try options.configuration(), partitionCount: 4)
    }

    /// Removes what `createTopics` made.
    static func removeTopics(_ options: BenchOptions) async {
        guard options.isRealCluster else { return }
        let cluster = try? DemoCluster(bootstrapServers: options.bootstrapServers)
        await cluster?.close(try? options.configuration())
    }

    /// One whole message of the simulator, split as the bridge splits it.
    private static func sampleBatch(_ options: BenchOptions) async throws -> NotificationBatch {
        let configuration = try options.configuration()
        let tenant = configuration.tenants[0]
        let clock = SystemClock()
        let upstream = TenantUpstream(tenant, configuration.connection, clock: clock, logger: BenchOptions.quietLogger)
        let deadLetterBytesMax = ProducerSettings.valueBytesMax(configuration.kafka)
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: SourceSettings.webSocket(configuration.connection, deadLetterBytesMax: deadLetterBytesMax)
        )
        let source = upstream.streamSource(
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
                if let batch = batches.first, batch.events.count == BenchOptions.eventsPerMessage { return batch }
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
}
