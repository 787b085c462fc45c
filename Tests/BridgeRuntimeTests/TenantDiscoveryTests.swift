import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

/// Since when what a list brings may have been there.
@Suite("Tenant pipeline: what was not there the last time", .timeLimit(.minutes(1)))
struct TenantDiscoveryTests {
    /// A stream that only remembers what it was told.
    private final class Told: TenantStream {
        let telemetry = StreamTelemetry(stream: StreamID(tenant: "acme", stream: "0"))
        let calls = Mutex<[(count: Int, missedSince: Instant?)]>([])
        private let (ending, end) = AsyncStream.makeStream(of: Void.self)

        func subscribe(_ topics: [SubscriptionTopic], missedSince: Instant?) {
            self.calls.withLock { $0.append((topics.count, missedSince)) }
        }
        func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits) {}
        func run() async { for await _ in self.ending {} }
        func stop() { self.end.finish() }
    }

    @Test("a resource that a list brings may have been there since the last list began, a failed one aside (C1, C10)")
    func since() async {
        let (stream, clock) = (Told(), SteppedClock())
        let failure = Result<[String], DirectoryFailure>.failure(.unavailable(reason: "503"))
        let pipeline = TenantPipeline(
            configuration: .init(
                tenant: "acme",
                planner: ChannelPlanner(
                    rules: [.template("v2.routing.queues.{queue}.conversations", query: ResourceQuery(kind: .queues))],
                    limits: .init()
                ),
                syncInterval: .seconds(300),
                syncBackoff: .init(base: .seconds(10), cap: .seconds(10)),
                inFlight: .init(bytes: 1 << 20, batches: 16)
            ),
            directory: FakeDirectory([.success(["a"]), .success(["a"]), failure, .success(["a", "b"])]),
            tokens: FakeSource(messageCount: 1),
            store: FakeStore(),
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            makeStream: { _, _ in stream }
        )
        let start = clock.now
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while stream.calls.withLock({ $0.count }) < 2, !Task.isCancelled { await clock.passToNextDeadline() }
            pipeline.stop()
            await group.waitForAll()
        }
        // The time may have gone on by one more list.
        let calls = stream.calls.withLock { $0 }.prefix(2)
        #expect(calls.map(\.count) == [1, 2])
        #expect(calls.map(\.missedSince) == [start, start.advanced(by: .seconds(300))])
        #expect(start.duration(to: clock.now) > .seconds(600), "a list failed in between")
    }
}
