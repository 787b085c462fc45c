public import BridgeCore
internal import Locking
public import Logging

/// One tenant: finds its resources, plans which stream brings which of its subscriptions, and runs a pipeline for each stream (S3.5, S5.5, C7,
/// C10).
public final class TenantPipeline: Sendable {
    /// What a tenant needs to know.
    public struct Configuration: Sendable {
        /// The tenant's name.
        public var tenant: String
        /// What it wants, and how that is spread over streams.
        public var planner: any TopicPlanner
        /// How often resources are listed.
        public var syncInterval: Duration
        /// Delays after a list that could not be had.
        public var syncBackoff: Backoff.Policy
        /// The bound on what is between receipt and acknowledgement, for all streams together.
        public var inFlight: BoundedQueue<NotificationBatch>.Limits
        /// How a subscription is named in logs and status pages.
        public var label: @Sendable (SubscriptionTopic) -> String

        /// A configuration.
        public init(
            tenant: String,
            planner: any TopicPlanner,
            syncInterval: Duration,
            syncBackoff: Backoff.Policy,
            inFlight: BoundedQueue<NotificationBatch>.Limits,
            label: @escaping @Sendable (SubscriptionTopic) -> String = \.label
        ) {
            self.tenant = tenant
            self.planner = planner
            self.syncInterval = syncInterval
            self.syncBackoff = syncBackoff
            self.inFlight = inFlight
            self.label = label
        }
    }

    /// Makes the pipeline of one stream, nil where one without subscriptions has nothing to do.
    public typealias StreamMaker = @Sendable (StreamID, [SubscriptionTopic]) -> (any TenantStream)?

    private struct State {
        var plan = SubscriptionPlan()
        var pipelines: [(name: String, pipeline: any TenantStream)] = []
        var snapshot = TenantSnapshot()
        var isStopping = false
    }

    private let configuration: Configuration
    private let directory: any ResourceDirectory
    private let tokens: any AccessTokenProvider
    private let store: any CheckpointStore
    private let clock: any BridgeClock
    private let makeStream: StreamMaker
    private let logger: Logger
    private let state = Locked(State())
    private let stopRequested = Wakeup()
    private let started: AsyncStream<any TenantStream>
    private let startedContinuation: AsyncStream<any TenantStream>.Continuation

    /// A tenant over the given adapters.
    public init(
        configuration: Configuration,
        directory: any ResourceDirectory,
        tokens: any AccessTokenProvider,
        store: any CheckpointStore,
        clock: any BridgeClock,
        logger: Logger,
        makeStream: @escaping StreamMaker
    ) {
        self.configuration = configuration
        self.directory = directory
        self.tokens = tokens
        self.store = store
        self.clock = clock
        self.logger = logger
        self.makeStream = makeStream
        (self.started, self.startedContinuation) = AsyncStream.makeStream()
    }

    /// Asks `run()` to drain, commit, close and return.
    public func stop() {
        let pipelines = self.state.withLock { state in
            state.isStopping = true
            return state.pipelines
        }
        for (_, pipeline) in pipelines { pipeline.stop() }
        self.startedContinuation.finish()
        self.stopRequested.signal()
    }

    /// What the tenant's streams have done and are doing.
    public var streams: [StreamSnapshot] {
        self.state.withLock { $0.pipelines }.map(\.pipeline.telemetry.snapshot)
    }

    /// What the tenant itself is doing.
    public var snapshot: TenantSnapshot { self.state.withLock { $0.snapshot } }

    /// Lives until `stop()` has drained, or until cancelled.
    public func run() async {
        do {
            let plan = try await self.store.loadPlan(of: self.configuration.tenant)
            self.state.withLock { $0.plan = plan ?? SubscriptionPlan() }
        } catch {
            // Never a silent start with other assignments: this tenant waits for a person, the others go on.
            self.fail("the plan of the subscriptions cannot be read: \(error.description)")
            return await self.stopRequested.wait()
        }
        await withDiscardingTaskGroup { streams in
            await withTaskGroup(of: Void.self) { sync in
                sync.addTask { await self.keepSynchronized() }
                for await pipeline in self.started { streams.addTask { await pipeline.run() } }
                sync.cancelAll()
            }
        }
    }
}

// MARK: - Resources to subscriptions

extension TenantPipeline {
    private func keepSynchronized() async {
        let queries = self.configuration.planner.queries
        // What was planned last time is worth more than waiting for a list.
        if !queries.isEmpty || self.configuration.planner.beginsAsPlanned { await self.startPlanned() }
        guard !queries.isEmpty else {
            _ = await self.subscribe(found: [:])
            return
        }
        // What is found now and was not then came to be in between, before this process or in it.
        var listedAt = self.lastListedAt
        var random = SystemRandomNumberGenerator()
        var schedule = SyncSchedule(
            interval: self.configuration.syncInterval,
            backoff: self.configuration.syncBackoff,
            now: self.clock.now
        )
        while !Task.isCancelled {
            do throws(DirectoryFailure) {
                let beganAt = self.clock.now
                let found = try await self.list(queries)
                guard !Task.isCancelled else { return }
                schedule.listed(now: self.clock.now)
                if await self.subscribe(found: found, missedSince: listedAt) {
                    listedAt = beganAt
                    await self.keep(listedAt: beganAt)
                }
            } catch {
                guard !Task.isCancelled else { return }
                schedule.failed(now: self.clock.now, random: &random)
                self.state.withLock { $0.snapshot.listFailure = error.reason }
                self.logger.warning("resources could not be listed", metadata: ["reason": "\(error.reason)"])
            }
            guard (try? await self.clock.sleep(until: schedule.nextAt)) != nil else { return }
        }
    }

    private func list(_ queries: [ResourceQuery]) async throws(DirectoryFailure) -> [ResourceQuery: [String]] {
        var found: [ResourceQuery: [String]] = [:]
        for query in queries {
            guard let token = try? await self.tokens.token(newerThan: nil) else {
                throw .unavailable(reason: "there is no access token")
            }
            do {
                found[query] = try await self.directory.resourceIDs(matching: query, token: token)
            } catch {
                if case .unauthorized = error { await self.tokens.markBad(token) }
                throw error
            }
        }
        return found
    }

    /// When the last list of an earlier process began.
    private var lastListedAt: Instant? {
        self.state.withLock(\.plan.listedAtMilliseconds).map { milliseconds in
            self.clock.now.advanced(by: .milliseconds(min(0, milliseconds - self.clock.wallMilliseconds)))
        }
    }

    /// Makes durable that everything up to `listedAt` is in the plan. Where it cannot be, the next process begins a gap earlier.
    private func keep(listedAt: Instant) async {
        let ago = listedAt.duration(to: self.clock.now).wholeNanoseconds / 1_000_000
        let plan = self.state.withLock { state in
            state.plan.listedAtMilliseconds = self.clock.wallMilliseconds - ago
            return state.plan
        }
        do {
            try await self.store.commitPlan(plan, of: self.configuration.tenant)
        } catch {
            self.logger.warning(
                "the time of the list of resources could not be written",
                metadata: ["reason": "\(error.description)"]
            )
        }
    }

    /// Returns whether everything that was found is subscribed to now: what is not is as good as not found.
    private func subscribe(found: [ResourceQuery: [String]], missedSince: Instant? = nil) async -> Bool {
        let before = self.state.withLock { $0.plan }
        var plan = before
        let planned = self.configuration.planner.want(found: found, in: &plan)
        for topic in planned.unplaceable {
            self.logger.error(
                "a subscription is too long for any request",
                metadata: ["subscription": "\(self.configuration.label(topic))"]
            )
        }
        if let refusal = planned.refusal {
            self.logger.error("the subscriptions stay as they were", metadata: ["reason": "\(refusal)"])
        }
        self.tell(unmatched: found.filter(\.value.isEmpty).keys.map(\.label).sorted())
        self.state.withLock { state in
            state.snapshot.listFailure = nil
            state.snapshot.subscriptionCount = planned.count
            state.snapshot.unplaceable = planned.unplaceable.map(self.configuration.label)
            state.snapshot.planRefusal = planned.refusal
        }
        if plan != before {
            // Durable before it is used: after a crash no subscription may wake up on a stream with another position.
            do {
                try await self.store.commitPlan(plan, of: self.configuration.tenant)
            } catch {
                self.fail("the plan of the subscriptions cannot be written: \(error.description)")
                return false
            }
            self.logger.notice(
                "subscriptions assigned",
                metadata: ["subscriptions": "\(planned.count)", "streams": "\(plan.streams.count)"]
            )
        }
        self.state.withLock { $0.plan = plan }
        await self.startPlanned(missedSince: missedSince)
        return planned.refusal == nil
    }

    /// A name that nothing has may be a slip of the pen, which brings nothing for ever.
    private func tell(unmatched: [String]) {
        let before = self.state.withLock { state in
            defer { state.snapshot.unmatched = unmatched }
            return state.snapshot.unmatched
        }
        for query in unmatched where !before.contains(query) {
            self.logger.warning("the organization has none of these", metadata: ["wanted": "\(query)"])
        }
    }

    /// Starts the streams that do not run yet, and tells the others what they bring.
    private func startPlanned(missedSince: Instant? = nil) async {
        let plan = self.state.withLock { $0.plan }
        let part = self.part(of: plan)
        for stream in plan.streams {
            let running = self.state.withLock { $0.pipelines.first { $0.name == stream.name }?.pipeline }
            if let running {
                running.setInFlight(part)
                running.subscribe(stream.topics, missedSince: missedSince)
                continue
            }
            let id = StreamID(tenant: self.configuration.tenant, stream: stream.name)
            // Of a stream that has nothing to bring something may be left over all the same: only its own kind knows.
            guard let pipeline = self.makeStream(id, stream.topics) else { continue }
            pipeline.setInFlight(part)
            let isStopping = self.state.withLock { state in
                if !state.isStopping { state.pipelines.append((stream.name, pipeline)) }
                return state.isStopping
            }
            if !isStopping { self.startedContinuation.yield(pipeline) }
        }
    }

    /// An equal part of the tenant's bound for each stream.
    private func part(of plan: SubscriptionPlan) -> BoundedQueue<NotificationBatch>.Limits {
        let inFlight = self.configuration.inFlight
        let count = max(1, plan.streams.count { !$0.topics.isEmpty })
        return .init(bytes: max(1, inFlight.bytes / count), batches: inFlight.batches)
    }

    private func fail(_ reason: String) {
        self.state.withLock { $0.snapshot.failure = reason }
        self.logger.error("the tenant stands still", metadata: ["reason": "\(reason)"])
    }
}
