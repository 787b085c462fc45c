import BridgeCore
import BridgeRuntime
import GenesysCloud
import NIOCore
import NIOPosix
import WebSocketClient

// What a channel's socket brings, without a bridge.

extension BenchWorkload {
    /// What it takes to open a channel's socket.
    private struct Upstream {
        var tenant: TenantUpstream
        var connector: WebSocketConnector
        var source: WebSocketChannelSource
        var channel: NotificationChannel
    }

    /// Events that the samples are taken from, at least: some of each topic.
    private static let sampleEventsMin = 1_000

    /// Reads a channel's socket and does nothing with what it brings: the most that simulator, kernel and WebSocket give.
    static func runReader(_ options: BenchOptions) async throws -> BenchResult {
        try await self.withChannel(options) { upstream in
            let target = try WebSocketTarget(url: upstream.channel.connectURI.revealed)
            let connection = try await upstream.connector.connect(to: target, offersCompression: false)
            defer { connection.startClose() }
            let clock = SystemClock()
            _ = try await self.read(connection, events: options.warmUpEvents, for: options.leastTime / 4, clock)
            let watch = try await ChannelBenchWatch(simulator: options.simulator)
            let begin = (usage: ProcessUsage.current, at: clock.now)
            let read = try await self.read(connection, events: options.events, for: options.leastTime, clock)
            let end = (usage: ProcessUsage.current, at: clock.now)
            var result = BenchResult(
                name: "reader of a channel's socket",
                events: read.events,
                seconds: begin.at.duration(to: end.at).inSeconds,
                cpuSeconds: end.usage.cpuSeconds - begin.usage.cpuSeconds
            )
            result.bytesPerEvent = Double(read.bytes) / Double(max(read.events, 1))
            result.senderHeldBackShare = try await watch.heldBackShare()
            return result
        }
    }

    private static func read(
        _ connection: WebSocketConnection,
        events: Int,
        for time: Duration,
        _ clock: SystemClock
    ) async throws -> (events: Int, bytes: Int) {
        let begin = clock.now
        var count = (events: 0, bytes: 0)
        while count.events < events || begin.duration(to: clock.now) < time {
            guard case .message(let message) = try await connection.next() else {
                throw CommandFailure(.unavailable, "the channel's socket ended, or brought what cannot be read")
            }
            count.events += 1
            count.bytes += message.payload.readableBytes
        }
        return count
    }

    /// Batches as the bridge makes them of what the simulator sends.
    static func channelBatches(_ options: BenchOptions) async throws -> [NotificationBatch] {
        try await self.withChannel(options) { upstream in
            let connection = try await upstream.source.connect(upstream.channel)
            defer { connection.close(reason: "") }
            var batches: [NotificationBatch] = []
            while batches.reduce(0, { $0 + $1.events.count }) < Self.sampleEventsMin {
                switch await connection.next() {
                case .events(let received): batches.append(received.batch)
                case .control: continue
                case .unreadable, .ended, .cancelled:
                    throw CommandFailure(.unavailable, "the channel's socket ended, or brought what cannot be read")
                }
            }
            return batches
        }
    }

    /// Runs `body` with a channel that is subscribed to what the bridge is.
    private static func withChannel<Result: Sendable>(
        _ options: BenchOptions,
        _ body: (Upstream) async throws -> Result
    ) async throws -> Result {
        let configuration = try options.configuration()
        let clock = SystemClock()
        let tenant = TenantUpstream(
            configuration.tenants[0],
            configuration.connection,
            clock: clock,
            logger: BenchOptions.quietLogger
        )
        let deadLetterBytesMax = ProducerSettings.valueBytesMax(configuration.kafka)
        let connector = WebSocketConnector(
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            configuration: SourceSettings.webSocket(configuration.connection, deadLetterBytesMax: deadLetterBytesMax)
        )
        let source = tenant.channelSource(
            ChannelSettingsMap.source(configuration.channels, deadLetterBytesMax: deadLetterBytesMax),
            connector: connector,
            clock: clock
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await tenant.run() }
            defer { group.cancelAll() }
            let service = PlatformChannels(client: tenant.rest)
            let token = try await tenant.tokens.token()
            let channel = try await service.create(token: token)
            let topics = BenchOptions.topics(options.variant.channels?.topics ?? [])
            let verdicts = try await service.subscribe(channel, to: topics, mode: .replace, token: token)
            guard verdicts.allSatisfy({ $0.rejection == nil }) else {
                throw CommandFailure(.unavailable, "the simulator does not bring every topic")
            }
            return try await body(
                Upstream(tenant: tenant, connector: connector, source: source, channel: channel)
            )
        }
    }
}
