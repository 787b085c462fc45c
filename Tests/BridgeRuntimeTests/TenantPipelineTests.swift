import BridgeCore
import BridgeRuntime
import Logging
import Synchronization
import Testing

/// From resources and rules to streams: what is assigned where, and when that may be used.
@Suite("Tenant pipeline", .timeLimit(.minutes(1)))
struct TenantPipelineTests {
    private static let queues = ResourceQuery(kind: .queues)

    private static func topic(_ id: String) -> SubscriptionTopic { SubscriptionTopic(event: "e", resourceID: id) }

    /// A tenant over fakes, and what it did with them.
    private struct Scene: Sendable {
        let source = FakeSource(messageCount: 1)
        let clock = SteppedClock()
        let directory: FakeDirectory
        let store: FakeStore
        let made = Made()
        let pipeline: TenantPipeline

        /// Streams that were made, with what they began with.
        final class Made: Sendable {
            let streams = Mutex<[String: [SubscriptionTopic]]>([:])
            var all: [String: [SubscriptionTopic]] { self.streams.withLock { $0 } }
        }

        init(
            rules: [SubscriptionRule],
            lists: [Result<[String], DirectoryFailure>] = [.success([])],
            store: FakeStore = FakeStore(initial: "-1"),
            topicCountMax: Int = 10
        ) {
            self.directory = FakeDirectory(lists)
            self.store = store
            let (source, made) = (self.source, self.made)
            self.pipeline = TenantPipeline(
                configuration: .init(
                    tenant: "acme",
                    planner: SubscriptionPlanner(
                        rules: rules,
                        limits: .init(topicCountMax: topicCountMax, urlBytesMax: 1000, urlBaseBytes: 100),
                        urlBytes: { $0.resourceID == "long" ? 1000 : 1 }
                    ),
                    syncInterval: .seconds(300),
                    syncBackoff: .init(),
                    inFlight: .init(bytes: 1 << 20, batches: 16),
                    label: { "labelled \($0.label)" }
                ),
                directory: self.directory,
                tokens: source,
                store: store,
                clock: self.clock,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { id, topics in
                guard !topics.isEmpty else { return nil }
                made.streams.withLock { $0[id.stream] = topics }
                return Self.stream(id, topics, source: source, store: store)
            }
        }

        private static func stream(
            _ id: StreamID,
            _ topics: [SubscriptionTopic],
            source: FakeSource,
            store: FakeStore
        ) -> StreamPipeline {
            let clock = SystemClock()
            return StreamPipeline(
                configuration: .init(
                    stream: id,
                    topics: topics,
                    session: SessionPolicy(
                        keepAlive: .init(heartbeatTimeout: nil),
                        backoff: Quick.backoff,
                        refusal: Quick.backoff
                    ),
                    delivery: Quick.delivery()
                ),
                source: source,
                validator: source,
                gate: Quick.gate(clock: clock),
                tokens: source,
                delivery: Quick.parts(FakeKafka(), store, clock: clock)
            )
        }

        /// Runs while `body` does, then stops.
        func run(_ body: @Sendable () async -> Void) async {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.pipeline.run() }
                await body()
                self.pipeline.stop()
                await group.waitForAll()
            }
        }

        /// Waits until some connection asks for exactly `ids`.
        func waitForConnection(asking ids: [String]) async {
            let wanted = ids.map(TenantPipelineTests.topic)
            while !self.source.state.withLock({ $0.topics.contains(wanted) }) { await Task.yield() }
        }
    }

    @Test("new resources are subscribed and deleted ones dropped at the next syncInterval (S5.5)")
    func follows() async {
        let scene = Scene(
            rules: [.query(event: "e", filters: [], query: Self.queues)],
            lists: [.success(["a", "b"]), .success(["b", "c"])]
        )
        await scene.run {
            await scene.waitForConnection(asking: ["a", "b"])
            let start = scene.clock.now
            await scene.clock.passToNextDeadline()
            #expect(start.duration(to: scene.clock.now) == .seconds(300))
            await scene.waitForConnection(asking: ["b", "c"])
        }
        #expect(scene.directory.askedCount == 2)
        #expect(scene.store.state.withLock { $0.plan?.streams.map(\.topics) } == [[Self.topic("b"), Self.topic("c")]])
        #expect(scene.pipeline.snapshot.subscriptionCount == 2 && scene.pipeline.snapshot.listFailure == nil)
    }

    @Test("a list that cannot be had leaves everything as it was, says so, and is asked for again soon (S5.5)")
    func listFails() async {
        let plan = SubscriptionPlan(streams: [.init(name: "0", topics: [Self.topic("a")])])
        let store = FakeStore(initial: "-1")
        store.state.withLock { $0.plan = plan }
        let scene = Scene(
            rules: [.query(event: "e", filters: [], query: Self.queues)],
            lists: [.failure(.unavailable(reason: "503")), .success(["a", "b"])],
            store: store
        )
        await scene.run {
            await scene.waitForConnection(asking: ["a"])
            while scene.pipeline.snapshot.listFailure != "503" { await Task.yield() }
            #expect(store.state.withLock { $0.plan } == plan)
            await scene.clock.passToNextDeadline()
            #expect(scene.clock.now < Instant().advanced(by: .seconds(2)))
            await scene.waitForConnection(asking: ["a", "b"])
        }
        #expect(scene.pipeline.snapshot.listFailure == nil)
    }

    @Test("what the organization has none of is said, until there is one (S5.5)")
    func unmatched() async {
        let scene = Scene(
            rules: [.query(event: "e", filters: [], query: Self.queues)],
            lists: [.success([]), .success(["a"])]
        )
        await scene.run {
            while scene.pipeline.snapshot.unmatched != [Self.queues.label] { await Task.yield() }
            await scene.clock.passToNextDeadline()
            await scene.waitForConnection(asking: ["a"])
        }
        #expect(scene.pipeline.snapshot.unmatched == [])
    }

    @Test("what a token may not list marks no token bad, and a bad token is marked (S1.5)")
    func unauthorized() async {
        let scene = Scene(
            rules: [.query(event: "e", filters: [], query: Self.queues)],
            lists: [
                .failure(.forbidden(reason: "403")), .failure(.unauthorized(reason: "401")), .success(["a"]),
            ]
        )
        await scene.run {
            while scene.pipeline.snapshot.listFailure != "403" { await Task.yield() }
            await scene.clock.passToNextDeadline()
            while scene.pipeline.snapshot.listFailure != "401" { await Task.yield() }
            await scene.clock.passToNextDeadline()
            await scene.waitForConnection(asking: ["a"])
        }
        #expect(scene.source.state.withLock { $0.badTokens } == [1])
    }

    @Test("what does not fit on one socket gets further ones; a stored plan is kept, whatever the order wanted (S3.5)")
    func storedPlan() async {
        let store = FakeStore(initial: "-1")
        let plan = SubscriptionPlan(streams: [
            .init(name: "0", topics: [Self.topic("b")]), .init(name: "4", topics: [Self.topic("a")]),
        ])
        store.state.withLock { $0.plan = plan }
        let rules = ["a", "b", "c", "long"].map { SubscriptionRule.topic(Self.topic($0)) }
        let scene = Scene(rules: rules, store: store, topicCountMax: 1)
        await scene.run {
            for id in ["a", "b", "c"] { await scene.waitForConnection(asking: [id]) }
        }
        #expect(scene.made.all == ["0": [Self.topic("b")], "4": [Self.topic("a")], "5": [Self.topic("c")]])
        #expect(store.state.withLock { $0.plan?.streams.map(\.name) } == ["0", "4", "5"])
        #expect(scene.pipeline.snapshot.unplaceable == ["labelled e:long"])
    }

    @Test("a plan that cannot be written is not used: after a crash nothing may wake up elsewhere (S3.5)")
    func unwritablePlan() async {
        let store = FakeStore()
        store.state.withLock { $0.planFailure = CheckpointStoreError(kind: .unavailable, description: "disk full") }
        let scene = Scene(rules: [.topic(Self.topic("a"))], store: store)
        await scene.run {
            while scene.pipeline.snapshot.failure == nil { await Task.yield() }
        }
        #expect(scene.pipeline.snapshot.failure?.contains("disk full") == true)
        #expect(scene.made.all.isEmpty)
    }

    @Test("a plan that cannot be read stops the tenant; it never starts with other assignments (S3.5)")
    func unreadablePlan() async {
        let error = CheckpointStoreError(kind: .unreadable, description: "file torn")
        let scene = Scene(rules: [.topic(Self.topic("a"))], store: FakeStore(unreadable: error))
        await scene.run {
            while scene.pipeline.snapshot.failure == nil { await Task.yield() }
        }
        #expect(scene.pipeline.snapshot.failure?.contains("file torn") == true)
        #expect(scene.made.all.isEmpty)
    }
}
