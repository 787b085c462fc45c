public import BridgeCore
internal import Locking
public import Logging

/// One topic set's channels from socket to committed place: session → spool → feeder → queue → delivery → committer, each with its own task.
/// Nothing of it is shared with another stream but the producer and the store, so a broken one stops nobody else.
public final class ChannelPipeline: TenantStream {
    /// What a stream of channels needs to know.
    public struct Configuration: Sendable {
        /// The stream.
        public var stream: StreamID
        /// What it is subscribed to.
        public var topics: [SubscriptionTopic]
        /// Times and limits of its channels.
        public var channels: ChannelPolicy
        /// Where what was received is kept until Kafka has it.
        public var spoolStore: SpoolStore
        /// How much of that there may be.
        public var spool: SpoolPolicy
        /// The bound on what is between the spool and the acknowledgement.
        public var inFlight: BoundedQueue<NotificationBatch>.Limits
        /// How often places are written.
        public var commit: CommitSchedule.Policy
        /// What becomes of a record that Kafka refuses for good.
        public var onRefused: StreamPipeline.RefusalPolicy
        /// Delays after a delivery that failed, and after a spool that cannot be opened or read.
        public var retry: Backoff.Policy
        /// So long Kafka may answer nothing of what is under way before that is said.
        public var silenceLimit: Duration

        /// A configuration.
        public init(
            stream: StreamID,
            topics: [SubscriptionTopic],
            channels: ChannelPolicy,
            spoolStore: SpoolStore,
            spool: SpoolPolicy,
            inFlight: BoundedQueue<NotificationBatch>.Limits,
            commit: CommitSchedule.Policy,
            onRefused: StreamPipeline.RefusalPolicy = .deadLetter,
            retry: Backoff.Policy = .init(),
            silenceLimit: Duration = .seconds(30)
        ) {
            self.stream = stream
            self.topics = topics
            self.channels = channels
            self.spoolStore = spoolStore
            self.spool = spool
            self.inFlight = inFlight
            self.commit = commit
            self.onRefused = onRefused
            self.retry = retry
            self.silenceLimit = silenceLimit
        }
    }

    /// What a stream of channels works with.
    public struct Parts: Sendable {
        /// Opens sockets.
        public var source: any ChannelSource
        /// Makes channels.
        public var service: any ChannelService
        /// Lets sockets be opened.
        public var gate: HostGate
        /// Lets channels be made beside living ones; the tenant's.
        public var places: ChannelPlaceLine
        /// The tenant's tokens.
        public var tokens: any AccessTokenProvider
        /// From batches to records.
        public var mapper: RecordMapper
        /// Into Kafka.
        public var producer: any RecordProducer
        /// Plans and ownership; and, for a spool in memory, up to when everything is delivered.
        public var store: any CheckpointStore
        /// The clocks.
        public var clock: any BridgeClock
        /// Says what happens.
        public var logger: Logger
        /// How a topic is named in gap records, logs and status pages.
        public var label: @Sendable (String) -> String
        /// Is called at each named point; production passes one that does nothing.
        public var crashPoint: @Sendable (CrashPoint) -> Void
        /// The same, of the spool.
        public var spoolCrashPoint: @Sendable (SpoolCrashPoint) -> Void

        /// The given parts.
        public init(
            source: any ChannelSource,
            service: any ChannelService,
            gate: HostGate,
            places: ChannelPlaceLine,
            tokens: any AccessTokenProvider,
            mapper: RecordMapper,
            producer: any RecordProducer,
            store: any CheckpointStore,
            clock: any BridgeClock,
            logger: Logger,
            label: @escaping @Sendable (String) -> String = { $0 },
            crashPoint: @escaping @Sendable (CrashPoint) -> Void = { _ in },
            spoolCrashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void = { _ in }
        ) {
            self.source = source
            self.service = service
            self.gate = gate
            self.places = places
            self.tokens = tokens
            self.mapper = mapper
            self.producer = producer
            self.store = store
            self.clock = clock
            self.logger = logger
            self.label = label
            self.crashPoint = crashPoint
            self.spoolCrashPoint = spoolCrashPoint
        }
    }

    let configuration: Configuration
    let parts: Parts
    let logger: Logger
    private let queue: BatchQueue
    /// What is wanted, by name.
    let topics: Locked<[String]>
    /// Since when those of the topics may have had events that the session does not know yet. Behind the lock of the topics.
    private let missedSince = Locked<Instant?>(nil)
    private let topicsChanged = Wakeup()
    let stopRequested = Wakeup()
    let isStopping = Locked(false)
    /// Another instance has the tenant (`one-owner`).
    private let ownershipLost = Locked<CheckpointStoreError?>(nil)
    /// Up to when everything is delivered, as the store has it.
    let keptMark = Locked<Int64?>(nil)
    /// The stream's counters.
    public let telemetry: StreamTelemetry

    /// A pipeline over the given parts.
    public init(configuration: Configuration, parts: Parts) {
        self.configuration = configuration
        self.parts = parts
        var logger = parts.logger
        logger[metadataKey: "stream"] = "\(configuration.stream)"
        self.logger = logger
        self.queue = BatchQueue(limits: configuration.inFlight)
        self.topics = Locked(configuration.topics.map(\.event))
        self.telemetry = StreamTelemetry(stream: configuration.stream)
        let bytes = configuration.inFlight.bytes
        let isWithoutSubscriptions = configuration.topics.isEmpty
        self.telemetry.update {
            $0.heldBytesMax = bytes
            $0.isWithoutSubscriptions = isWithoutSubscriptions
        }
    }

    /// The stream brings these from now on. What new ones may have had since `missedSince` is a gap (C1, C10).
    public func subscribe(_ topics: [SubscriptionTopic], missedSince: Instant?) {
        let topicNames = topics.map(\.event)
        self.topics.withLock { names in
            names = topicNames
            self.missedSince.withLock { $0 = [$0, missedSince].compactMap(\.self).min() }
        }
        self.telemetry.update { $0.isWithoutSubscriptions = topics.isEmpty }
        self.topicsChanged.signal()
    }

    /// Holds so much at most from now on, between spool and acknowledgement.
    public func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits) {
        self.queue.setLimits(limits)
        self.telemetry.update { $0.heldBytesMax = limits.bytes }
    }

    /// Asks `run()` to close the sockets, deliver what is in the spool, commit and return.
    public func stop() {
        self.isStopping.withLock { $0 = true }
        self.stopRequested.signal()
    }

    /// Lives until `stop()` has drained, or until cancelled. What is not acknowledged by then stays in the spool (`bounded-stop`).
    public func run() async {
        guard let opened = await self.openSpool() else { return }
        let spool = opened.spool
        let committed = await spool.committed.map { Checkpoint(position: $0) }
        self.telemetry.update { $0.committed = committed }
        let committer = CheckpointCommitter(
            stream: self.configuration.stream,
            queue: self.queue,
            policy: self.commitPolicy,
            committed: committed,
            store: SpoolCheckpoints(spool: spool, plans: self.parts.store),
            clock: self.parts.clock,
            telemetry: self.telemetry,
            logger: self.logger
        )
        let delivery = self.delivery(to: committer)
        let feeder = SpoolFeeder(
            spool: spool,
            queue: self.queue,
            delivery: delivery,
            backoff: self.configuration.retry,
            clock: self.parts.clock,
            telemetry: self.telemetry,
            logger: self.logger
        )
        let session = self.session(into: spool, coveredUntil: opened.coveredUntilMilliseconds)
        await withDiscardingTaskGroup { group in
            group.addTask { [telemetry] in
                await spool.run { snapshot in telemetry.update { $0.spool = snapshot } }
            }
            group.addTask { await committer.run() }
            group.addTask { await delivery.run(onFailure: { await feeder.deliveryFailed(reason: $0) }) }
            group.addTask { await self.keepMarks(of: spool) }
            group.addTask {
                guard let error = await self.parts.store.ownershipLost(of: self.configuration.stream.tenant) else {
                    return
                }
                // What is in the spool is nobody else's: it is delivered to the end.
                self.ownershipLost.withLock { $0 = error }
                await session.stop()
            }
            group.addTask {
                await self.stopRequested.wait()
                await session.stop()
            }
            group.addTask {
                while !Task.isCancelled {
                    await self.topicsChanged.wait()
                    let (topics, missedSince) = self.topics.withLock { topics in
                        (topics, self.missedSince.withLock { $0.take() })
                    }
                    await session.want(topics, missedSince: missedSince)
                }
            }
            async let fed: Void = feeder.run()
            await session.run()
            await spool.finish()
            await fed
            group.cancelAll()
            await self.keepMark(of: spool)
        }
        if let error = self.ownershipLost.withLock({ $0 }) {
            await self.park("the tenant belongs to another instance", error.description)
        }
    }

    private func session(into spool: Spool, coveredUntil milliseconds: Int64?) -> ChannelSession {
        let clock = self.parts.clock
        // A clock that was set back says nothing about how long nobody listened.
        let lastCaughtUp = milliseconds.map {
            clock.now.advanced(by: .milliseconds(min(0, $0 - clock.wallMilliseconds)))
        }
        return ChannelSession(
            machine: ChannelMachine(
                policy: self.configuration.channels,
                topics: self.topics.withLock { $0 },
                lastCaughtUp: lastCaughtUp
            ),
            parts: .init(
                stream: self.configuration.stream,
                source: self.parts.source,
                service: self.parts.service,
                tokens: self.parts.tokens,
                gate: self.parts.gate,
                places: self.parts.places,
                sink: SpoolSink(spool: spool),
                clock: clock,
                telemetry: self.telemetry,
                label: self.parts.label,
                logger: self.logger
            )
        )
    }

    private func delivery(to committer: CheckpointCommitter) -> StreamDelivery {
        StreamDelivery(
            stream: self.configuration.stream,
            queue: self.queue,
            mapper: self.parts.mapper,
            producer: self.parts.producer,
            onRefused: self.configuration.onRefused,
            committer: committer,
            silenceLimit: self.configuration.silenceLimit,
            clock: self.parts.clock,
            telemetry: self.telemetry,
            crashPoint: self.parts.crashPoint,
            logger: self.logger
        )
    }

    /// How often places are written. A window that is full of acknowledged batches does not wait for the interval.
    private var commitPolicy: CommitSchedule.Policy {
        var policy = self.configuration.commit
        policy.batches = min(policy.batches, self.configuration.inFlight.batches)
        return policy
    }
}
