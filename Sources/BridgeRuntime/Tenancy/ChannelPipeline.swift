public import BridgeCore
internal import Locking

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
        /// Times and limits behind the spool.
        public var delivery: DeliveryPolicy
        /// Delays after a delivery that failed, and after a spool that cannot be opened or read.
        public var retry: Backoff.Policy
        /// A stop waits for Kafka as long as it acknowledges something so often, where what is left outlives the process in the spool.
        public var drainPatience: Duration

        /// A configuration.
        public init(
            stream: StreamID,
            topics: [SubscriptionTopic],
            channels: ChannelPolicy,
            spoolStore: SpoolStore,
            spool: SpoolPolicy,
            delivery: DeliveryPolicy,
            retry: Backoff.Policy = .init(),
            drainPatience: Duration = .seconds(3)
        ) {
            self.stream = stream
            self.topics = topics
            self.channels = channels
            self.spoolStore = spoolStore
            self.spool = spool
            self.delivery = delivery
            self.retry = retry
            self.drainPatience = drainPatience
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
        /// What delivers. Its store has plans and ownership; and, for a spool in memory, up to when everything is delivered.
        public var delivery: DeliveryParts
        /// How a topic is named in gap records, logs and status pages.
        public var label: @Sendable (String) -> String
        /// Is called at each named point of the spool; production passes one that does nothing.
        public var spoolCrashPoint: @Sendable (SpoolCrashPoint) -> Void

        /// The given parts.
        public init(
            source: any ChannelSource,
            service: any ChannelService,
            gate: HostGate,
            places: ChannelPlaceLine,
            tokens: any AccessTokenProvider,
            delivery: DeliveryParts,
            label: @escaping @Sendable (String) -> String = { $0 },
            spoolCrashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void = { _ in }
        ) {
            self.source = source
            self.service = service
            self.gate = gate
            self.places = places
            self.tokens = tokens
            self.delivery = delivery
            self.label = label
            self.spoolCrashPoint = spoolCrashPoint
        }
    }

    let configuration: Configuration
    let parts: Parts
    let store: any CheckpointStore
    let clock: any BridgeClock
    let line: DeliveryLine
    /// What is wanted, by name.
    let topics: Locked<[String]>
    /// Since when those of the topics may have had events that the session does not know yet. Behind the lock of the topics.
    private let missedSince = Locked<Instant?>(nil)
    private let topicsChanged = Wakeup()
    let stopRequest = StopRequest()
    /// Another instance has the tenant (`one-owner`).
    private let ownershipLost = Locked<CheckpointStoreError?>(nil)
    /// Up to when everything is delivered, as the store has it.
    let keptMark = Locked<Int64?>(nil)

    /// A pipeline over the given parts.
    public init(configuration: Configuration, parts: Parts) {
        self.configuration = configuration
        self.parts = parts
        self.store = parts.delivery.store
        self.clock = parts.delivery.clock
        self.line = DeliveryLine(of: configuration.stream, policy: configuration.delivery, parts: parts.delivery)
        self.topics = Locked(configuration.topics.map(\.event))
        let isWithoutSubscriptions = configuration.topics.isEmpty
        self.telemetry.update { $0.isWithoutSubscriptions = isWithoutSubscriptions }
    }

    /// The stream's counters.
    public var telemetry: StreamTelemetry { self.line.telemetry }

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
        self.line.setInFlight(limits)
    }

    /// Asks `run()` to close the sockets, deliver what is in the spool, commit and return.
    public func stop() {
        self.stopRequest.make()
    }

    /// Lives until `stop()` has drained, until Kafka is silent meanwhile, or until cancelled. What is not acknowledged by then stays in the
    /// spool (`bounded-stop`).
    public func run() async {
        guard let opened = await self.openSpool() else { return }
        let spool = opened.spool
        let committed = await spool.committed.map { Checkpoint(position: $0) }
        self.telemetry.update { $0.committed = committed }
        let committer = self.line.committer(
            behind: committed,
            to: SpoolCheckpoints(spool: spool, plans: self.store)
        )
        let delivery = self.line.delivery(to: committer)
        let feeder = self.feeder(from: spool, to: delivery)
        let session = self.session(into: spool, coveredUntil: opened.coveredUntilMilliseconds)
        await withDiscardingTaskGroup { group in
            group.addTask { [telemetry] in
                await spool.run { snapshot in telemetry.update { $0.spool = snapshot } }
            }
            group.addTask { await committer.run() }
            group.addTask { await delivery.run(onFailure: { await feeder.deliveryFailed(reason: $0) }) }
            group.addTask { await self.keepMarks(of: spool) }
            group.addTask {
                guard let error = await self.store.ownershipLost(of: self.configuration.stream.tenant) else {
                    return
                }
                // What is in the spool is nobody else's: it is delivered to the end.
                self.ownershipLost.withLock { $0 = error }
                await session.stop()
            }
            group.addTask {
                await self.stopRequest.wait()
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
            await withTaskGroup { halves in
                halves.addTask { await feeder.run() }
                halves.addTask {
                    await session.run()
                    await spool.finish()
                    await self.leave(to: spool)
                }
                await halves.next()
                // Also the delivery: what waits for its answers is let go by its end alone.
                halves.cancelAll()
                group.cancelAll()
            }
            await self.keepMark(of: spool)
        }
        if let error = self.ownershipLost.withLock({ $0 }) {
            await self.park("the tenant belongs to another instance", error.description)
        }
    }

    private func session(into spool: Spool, coveredUntil milliseconds: Int64?) -> ChannelSession {
        let clock = self.clock
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
                logger: self.line.logger
            )
        )
    }

    private func feeder(from spool: Spool, to delivery: StreamDelivery) -> SpoolFeeder {
        SpoolFeeder(
            spool: spool,
            queue: self.line.queue,
            delivery: delivery,
            backoff: self.configuration.retry,
            clock: self.clock,
            telemetry: self.telemetry,
            logger: self.line.logger
        )
    }
}
