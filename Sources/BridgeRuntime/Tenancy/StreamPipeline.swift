public import BridgeCore
internal import Locking
internal import Logging

/// One stream from socket to checkpoint: session → queue → delivery → committer, each with its own task. Nothing of it is shared
/// with another stream but the producer and the store, so a broken one stops nobody else.
public final class StreamPipeline: TenantStream {
    /// What a stream needs to know.
    public struct Configuration: Sendable {
        /// The stream.
        public var stream: StreamID
        /// What it is subscribed to.
        public var topics: [SubscriptionTopic]
        /// Times and limits of its session.
        public var session: SessionPolicy
        /// Times and limits behind it.
        public var delivery: DeliveryPolicy
        /// Events whose ids are remembered, to recognise what the server sends again.
        public var duplicateWindow: Int
        /// How a subscription is named in gap records, logs and status pages.
        public var label: @Sendable (SubscriptionTopic) -> String

        /// A configuration.
        public init(
            stream: StreamID,
            topics: [SubscriptionTopic],
            session: SessionPolicy,
            delivery: DeliveryPolicy,
            duplicateWindow: Int = 10_000,
            label: @escaping @Sendable (SubscriptionTopic) -> String = \.label
        ) {
            self.stream = stream
            self.topics = topics
            self.session = session
            self.delivery = delivery
            self.duplicateWindow = duplicateWindow
            self.label = label
        }
    }

    private let configuration: Configuration
    private let source: any NotificationSource
    private let validator: any SubscriptionValidator
    private let gate: HostGate
    private let tokens: any AccessTokenProvider
    private let store: any CheckpointStore
    private let clock: any BridgeClock
    private let line: DeliveryLine
    private let topics: Locked<[SubscriptionTopic]>
    private let topicsChanged = Wakeup()
    private let stopRequest = StopRequest()

    /// A pipeline over the given adapters.
    public init(
        configuration: Configuration,
        source: any NotificationSource,
        validator: any SubscriptionValidator,
        gate: HostGate,
        tokens: any AccessTokenProvider,
        delivery: DeliveryParts
    ) {
        self.configuration = configuration
        self.source = source
        self.validator = validator
        self.gate = gate
        self.tokens = tokens
        self.store = delivery.store
        self.clock = delivery.clock
        self.line = DeliveryLine(of: configuration.stream, policy: configuration.delivery, parts: delivery)
        self.topics = Locked(configuration.topics)
    }

    /// The stream's counters.
    public var telemetry: StreamTelemetry { self.line.telemetry }

    /// The stream is subscribed to these from now on. What new ones had before that is not asked for.
    public func subscribe(_ topics: [SubscriptionTopic], missedSince: Instant?) {
        self.topics.withLock { $0 = topics }
        self.topicsChanged.signal()
    }

    /// Holds so much at most from now on.
    public func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits) {
        self.line.setInFlight(limits)
    }

    /// Asks `run()` to drain, commit, close and return.
    public func stop() {
        self.stopRequest.make()
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
        let committer = self.line.committer(behind: committed, to: self.store)
        let delivery = self.line.delivery(to: committer)
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
                await self.stopRequest.wait()
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
                queue: self.line.queue,
                delivery: delivery,
                clock: self.clock,
                telemetry: self.telemetry,
                label: self.configuration.label,
                logger: self.line.logger
            )
        )
    }

    /// This stream waits for a person, the others go on.
    private func park(_ what: String, _ error: CheckpointStoreError) async {
        self.line.tellParked(what, reason: error.description)
        await self.stopRequest.wait()
    }

    private func announce(_ committed: Checkpoint?) {
        self.telemetry.update { $0.committed = committed }
        if committed == nil {
            switch self.configuration.session.onMissingCheckpoint {
            case .start:
                self.line.logger.warning(
                    "there is no committed position: starting at the server's present; what came before is not delivered"
                )
            case .fail:
                self.line.logger.error("there is no committed position, and onMissingCheckpoint is 'fail'")
            }
        }
    }
}
