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

    /// Runs a tenant until its stream was told so much. Returns what it was told, and when the tenant was started.
    private static func run(
        _ lists: [Result<[String], DirectoryFailure>],
        store: FakeStore = FakeStore(),
        limits: ChannelPlan.Limits = .init(),
        clock: SteppedClock,
        calls count: Int
    ) async -> [(count: Int, missedSince: Instant?)] {
        let stream = Told()
        let pipeline = TenantPipeline(
            configuration: .init(
                tenant: "acme",
                planner: ChannelPlanner(
                    rules: [.template("v2.routing.queues.{queue}.conversations", query: ResourceQuery(kind: .queues))],
                    limits: limits
                ),
                syncInterval: .seconds(300),
                syncBackoff: .init(base: .seconds(10), cap: .seconds(10)),
                inFlight: .init(bytes: 1 << 20, batches: 16)
            ),
            directory: FakeDirectory(lists),
            tokens: FakeSource(messageCount: 1),
            store: store,
            clock: clock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            makeStream: { _, _ in stream }
        )
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await pipeline.run() }
            while stream.calls.withLock({ $0.count }) < count, !Task.isCancelled { await clock.passToNextDeadline() }
            pipeline.stop()
            await group.waitForAll()
        }
        // The time may have gone on by one more list.
        return Array(stream.calls.withLock { $0 }.prefix(count))
    }

    @Test("a resource that a list brings may have been there since the last list began, a failed one aside (C1, C10)")
    func since() async {
        let clock = SteppedClock()
        let start = clock.now
        let failure = Result<[String], DirectoryFailure>.failure(.unavailable(reason: "503"))
        let lists = [.success(["a"]), .success(["a"]), failure, .success(["a", "b"])]
        let calls = await Self.run(lists, clock: clock, calls: 2)
        #expect(calls.map(\.count) == [1, 2])
        #expect(calls.map(\.missedSince) == [start, start.advanced(by: .seconds(300))])
        #expect(start.duration(to: clock.now) > .seconds(600), "a list failed in between")
    }

    @Test(
        "what the first list of a process brings may have been there since the last one of the process before (C1, C10)"
    )
    func afterRestart() async throws {
        let (store, clock) = (FakeStore(), SteppedClock())
        _ = await Self.run([.success(["a"]), .success(["a"])], store: store, clock: clock, calls: 1)
        let listedAt = try #require(store.state.withLock { $0.plan }?.listedAtMilliseconds)
        // A minute later, by the clock on the wall, another process.
        store.state.withLock { $0.plan?.listedAtMilliseconds = listedAt - 60_000 }
        let start = clock.now
        let calls = await Self.run([.success(["a", "b"])], store: store, clock: clock, calls: 1)
        #expect(calls.map(\.count) == [2])
        #expect(calls.map(\.missedSince) == [start.advanced(by: .seconds(-60))])
    }

    @Test("what had no room when it was found was there since before that list (C1, C7)")
    func refused() async {
        let clock = SteppedClock()
        let start = clock.now
        let limits = ChannelPlan.Limits(topicCountMax: 1, channelCountMax: 2, reserve: 1)
        let lists: [Result<[String], DirectoryFailure>] = [
            .success(["a"]), .success(["a", "b"]), .success(["a", "b"]), .success(["b"]),
        ]
        let calls = await Self.run(lists, limits: limits, clock: clock, calls: 3)
        #expect(calls.map(\.count) == [1, 1, 1])
        #expect(calls.map(\.missedSince) == [start, start, start])
    }
}
