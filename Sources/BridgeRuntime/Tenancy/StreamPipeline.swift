public import BridgeCore
internal import Locking
public import Logging

/// One stream from socket to checkpoint: session → queue → delivery → committer, each with its own task. Nothing of it is shared
/// with another stream but the producer and the store, so a broken one stops nobody else.
public final class StreamPipeline: TenantStream {
    /// What becomes of a record that Kafka refuses for good.
    public enum RefusalPolicy: Hashable, Sendable {
        /// It goes to the dead letters, and the stream goes on.
        case deadLetter
        /// It is tried again and again, and nothing behind it is committed.
        case retry
    }

    /// What a stream needs to know.
    public struct Configuration: Sendable {
        /// The stream.
        public var stream: StreamID
        /// What it is subscribed to.
        public var topics: [SubscriptionTopic]
        /// Times and limits of its session.
        public var session: SessionPolicy
        /// The bound on what is between receipt and acknowledgement.
        public var inFlight: BoundedQueue<NotificationBatch>.Limits
        /// How often positions are written.
        public var commit: CommitSchedule.Policy
        /// Events whose ids are remembered, to recognise what the server sends again.
        public var duplicateWindow: Int
        /// What becomes of a record that Kafka refuses for good.
        public var onRefused: RefusalPolicy
        /// So long Kafka may answer nothing of what is under way before that is said. What a transaction holds is answered when it ends.
        public var silenceLimit: Duration
        /// How a subscription is named in gap records, logs and status pages.
        public var label: @Sendable (SubscriptionTopic) -> String

        /// A configuration.
        public init(
            stream: StreamID,
            topics: [SubscriptionTopic],
            session: SessionPolicy,
            inFlight: BoundedQueue<NotificationBatch>.Limits,
            commit: CommitSchedule.Policy,
            duplicateWindow: Int = 10_000,
            onRefused: RefusalPolicy = .deadLetter,
            silenceLimit: Duration = .seconds(30),
            label: @escaping @Sendable (SubscriptionTopic) -> String = \.label
        ) {
            self.stream = stream
            self.topics = topics
            self.session = session
            self.inFlight = inFlight
            self.commit = commit
            self.duplicateWindow = duplicateWindow
            self.onRefused = onRefused
            self.silenceLimit = silenceLimit
            self.label = label
        }
    }

    private let configuration: Configuration
    private let source: any NotificationSource
    private let validator: any SubscriptionValidator
    private let gate: HostGate
    private let tokens: any AccessTokenProvider
    private let mapper: RecordMapper
    private let producer: any RecordProducer
    private let store: any CheckpointStore
    private let clock: any BridgeClock
    private let crashPoint: @Sendable (CrashPoint) -> Void
    private let logger: Logger
    private let queue: BatchQueue
    private let topics: Locked<[SubscriptionTopic]>
    private let topicsChanged = Wakeup()
    private let stopRequested = Wakeup()
    private let isStopping = Locked(false)
    /// The stream's counters.
    public let telemetry: StreamTelemetry

    /// A pipeline over the given adapters. `crashPoint` is called at each named point; production passes one that does nothing.
    public init(
        configuration: Configuration,
        source: any NotificationSource,
        validator: any SubscriptionValidator,
        gate: HostGate,
        tokens: any AccessTokenProvider,
        mapper: RecordMapper,
        producer: any RecordProducer,
        store: any CheckpointStore,
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.source = source
        self.validator = validator
        self.gate = gate
        self.tokens = tokens
        self.mapper = mapper
        self.producer = producer
        self.store = store
        self.clock = clock
        self.crashPoint = crashPoint
        var logger = logger
        logger[metadataKey: "stream"] = "\(configuration.stream)"
        self.logger = logger
        self.telemetry = StreamTelemetry(stream: configuration.stream)
        self.queue = BatchQueue(limits: configuration.inFlight)
        self.topics = Locked(configuration.topics)
    }

    /// The stream is subscribed to these from now on. What new ones had before that is not asked for.
    public func subscribe(_ topics: [SubscriptionTopic], missedSince: Instant?) {
        self.topics.withLock { $0 = topics }
        self.topicsChanged.signal()
    }

    /// Holds so much at most from now on.
    public func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits) {
        self.queue.setLimits(limits)
        self.telemetry.update { $0.heldBytesMax = limits.bytes }
    }

    /// Asks `run()` to drain, commit, close and return.
    public func stop() {
        self.isStopping.withLock { $0 = true }
        self.stopRequested.signal()
    }

    /// Lives until `stop()` has drained, or until cancelled. What is not acknowledged by then is not committed (`bounded-stop`).
    public func run() async {
        let committed: Checkpoint?
        do {
            committed = try await self.store.load(self.configuration.stream)
        } catch {
            // Never a silent start from nothing.
            return await self.park("the checkpoint cannot be read", error)
        }
        self.announce(committed)

        let queue = self.queue
        let committer = CheckpointCommitter(
            stream: self.configuration.stream,
            queue: queue,
            policy: self.commitPolicy,
            committed: committed,
            store: self.store,
            clock: self.clock,
            telemetry: self.telemetry,
            logger: self.logger
        )
        let delivery = self.delivery(to: committer)
        let session = self.session(committed, delivery: delivery)
        await withDiscardingTaskGroup { group in
            group.addTask {
                await committer.run()
                // Over before its time: another instance has the tenant, and reads what this one would.
                if await committer.lost != nil { await session.stop() }
            }
            group.addTask {
                let tenant = self.configuration.stream.tenant
                if let lost = await self.store.ownershipLost(of: tenant) { await committer.lose(lost) }
            }
            group.addTask { await delivery.run(onFailure: { await session.deliveryFailed(reason: $0) }) }
            group.addTask {
                await self.stopRequested.wait()
                await session.stop()
            }
            group.addTask {
                while !Task.isCancelled {
                    await self.topicsChanged.wait()
                    await session.subscribe(self.topics.withLock { $0 })
                }
            }
            await session.run()
            group.cancelAll()
        }
        if let error = await committer.lost { await self.park("the checkpoints belong to another instance", error) }
    }

    private func session(_ committed: Checkpoint?, delivery: StreamDelivery) -> StreamSession {
        StreamSession(
            machine: SessionMachine(
                policy: self.configuration.session,
                topics: self.topics.withLock { $0 },
                committed: committed?.position
            ),
            duplicateWindow: self.configuration.duplicateWindow,
            committedEventIDs: committed?.eventIDs ?? [],
            parts: .init(
                stream: self.configuration.stream,
                source: self.source,
                validator: self.validator,
                tokens: self.tokens,
                gate: self.gate,
                queue: self.queue,
                delivery: delivery,
                clock: self.clock,
                telemetry: self.telemetry,
                label: self.configuration.label,
                logger: self.logger
            )
        )
    }

    /// This stream waits for a person, the others go on.
    private func park(_ what: String, _ error: CheckpointStoreError) async {
        self.telemetry.update { $0.status = .parked(reason: error.description) }
        self.logger.error("parked: \(what)", metadata: ["reason": "\(error.description)"])
        // A stop that came earlier was heard by the session.
        if !self.isStopping.withLock({ $0 }) { await self.stopRequested.wait() }
    }

    private func delivery(to committer: CheckpointCommitter) -> StreamDelivery {
        StreamDelivery(
            stream: self.configuration.stream,
            queue: self.queue,
            mapper: self.mapper,
            producer: self.producer,
            onRefused: self.configuration.onRefused,
            committer: committer,
            silenceLimit: self.configuration.silenceLimit,
            clock: self.clock,
            telemetry: self.telemetry,
            crashPoint: self.crashPoint,
            logger: self.logger
        )
    }

    /// How often positions are written. A window that is full of acknowledged batches does not wait for the interval.
    private var commitPolicy: CommitSchedule.Policy {
        var policy = self.configuration.commit
        policy.batches = min(policy.batches, self.configuration.inFlight.batches)
        return policy
    }

    private func announce(_ committed: Checkpoint?) {
        let inFlight = self.queue.limits
        self.telemetry.update {
            $0.committed = committed
            $0.heldBytesMax = inFlight.bytes
        }
        if committed == nil {
            switch self.configuration.session.onMissingCheckpoint {
            case .start:
                self.logger.warning(
                    "there is no committed position: starting at the server's present; what came before is not delivered"
                )
            case .fail:
                self.logger.error("there is no committed position, and onMissingCheckpoint is 'fail'")
            }
        }
    }
}
