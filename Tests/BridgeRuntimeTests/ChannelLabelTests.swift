import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

/// What topics of channels are called where others read it.
@Suite("Names of channels' topics", .timeLimit(.minutes(1)))
struct ChannelLabelTests {
    /// A channel whose topics are all rejected but the first, and whose socket is open and silent.
    private struct Cloud: ChannelService, ChannelSource, AccessTokenProvider {
        struct SilentConnection: ChannelConnection {
            let end = AsyncStream<Void>.makeStream()

            func next() async -> ChannelSocketEvent {
                for await _ in self.end.stream {}
                return Task.isCancelled ? .cancelled : .ended(reason: "closed by us")
            }

            var isCaughtUp: Bool { true }
            func ping() {}
            func close(reason: String) { self.end.continuation.finish() }
        }

        func create(token: AccessToken) async throws(ChannelFailure) -> NotificationChannel {
            NotificationChannel(id: Secret("c"), connectURI: Secret("wss://x"), expiresAtMilliseconds: nil)
        }

        func subscribe(
            _ channel: NotificationChannel,
            to topics: [String],
            mode: SubscriptionMode,
            token: AccessToken
        ) async throws(ChannelFailure) -> [TopicVerdict] {
            topics.enumerated().map { TopicVerdict(topic: $1, rejection: $0 > 0 ? "not found" : nil) }
        }

        func isValid(_ channel: NotificationChannel, token: AccessToken) async throws(ChannelFailure) -> Bool { true }

        func connect(_ channel: NotificationChannel) async throws(ChannelDialFailure) -> any ChannelConnection {
            SilentConnection()
        }

        func token(newerThan serial: Int?) async throws -> AccessToken { AccessToken(secret: Secret("t"), serial: 1) }
        func markBad(_ token: AccessToken) async {}
    }

    /// Keeps the values of what it is given.
    private final class Sink: ChannelSink {
        let values = Mutex<[String]>([])

        func keep(_ batches: [NotificationBatch]) async -> Bool {
            self.values.withLock { values in
                values += batches.compactMap { batch in batch.notice.map { batch.bytes.string($0.value) } }
            }
            return true
        }

        func covered(untilMilliseconds milliseconds: Int64) async {}
    }

    @Test("a topic is called as its label says in gap records and in status (C1, no-silent-loss)")
    func labels() async throws {
        let (cloud, sink, stream) = (Cloud(), Sink(), StreamID(tenant: "acme", stream: "0"))
        let telemetry = StreamTelemetry(stream: stream)
        let session = ChannelSession(
            machine: ChannelMachine(policy: ChannelPolicy(), topics: ["v2.a.u-1", "v2.b.u-2"], lastCaughtUp: nil),
            parts: .init(
                stream: stream,
                source: cloud,
                service: cloud,
                tokens: cloud,
                gate: HostGate(policy: .init(attemptsPerSecond: 1000, holdOff: .init()), clock: SystemClock()),
                places: ChannelPlaceLine(count: 1),
                sink: sink,
                clock: SystemClock(),
                telemetry: telemetry,
                label: { $0.replacing("u-", with: "hidden-") },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await session.run() }
            while !sink.values.withLock({ $0.contains { $0.contains("\"v2.b.") } }) { await Task.yield() }
            #expect(telemetry.snapshot.prunedSubscriptions == ["v2.b.hidden-2: not found"])
            await session.stop()
            await group.waitForAll()
        }
        #expect(sink.values.withLock { $0.joined() }.contains("v2.b.hidden-2"))
        #expect(!sink.values.withLock { $0.joined() }.contains("u-"))
    }
}
