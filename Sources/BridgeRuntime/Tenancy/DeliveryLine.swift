internal import BridgeCore
internal import Logging

/// The half of a stream that is the same in every dialect, queue → delivery → committer, and what it tells of itself. What fills the queue, and
/// what each stage is told to write to, is the pipeline's.
struct DeliveryLine: Sendable {
    private let stream: StreamID
    private let policy: DeliveryPolicy
    private let parts: DeliveryParts
    /// Between what receives and what delivers.
    let queue: BatchQueue
    /// The stream's counters.
    let telemetry: StreamTelemetry
    /// Names the stream in every line.
    let logger: Logger

    /// A line whose stages do not run yet.
    init(of stream: StreamID, policy: DeliveryPolicy, parts: DeliveryParts) {
        self.stream = stream
        self.policy = policy
        self.parts = parts
        self.queue = BatchQueue(limits: policy.inFlight)
        self.telemetry = StreamTelemetry(stream: stream)
        var logger = parts.logger
        logger[metadataKey: "stream"] = "\(stream)"
        self.logger = logger
        self.telemetry.update { $0.heldBytesMax = policy.inFlight.bytes }
    }

    /// Holds so much at most from now on.
    func setInFlight(_ limits: BoundedQueue<NotificationBatch>.Limits) {
        self.queue.setLimits(limits)
        self.telemetry.update { $0.heldBytesMax = limits.bytes }
    }

    /// What takes batches out of the queue, and lets `committer` know what is safe.
    func delivery(to committer: CheckpointCommitter) -> StreamDelivery {
        StreamDelivery(
            stream: self.stream,
            queue: self.queue,
            mapper: self.parts.mapper,
            producer: self.parts.producer,
            onRefused: self.policy.onRefused,
            committer: committer,
            silenceLimit: self.policy.silenceLimit,
            clock: self.parts.clock,
            telemetry: self.telemetry,
            crashPoint: self.parts.crashPoint,
            logger: self.logger
        )
    }

    /// What writes to `store` the positions behind `committed`, which it has.
    func committer(behind committed: Checkpoint?, to store: any CheckpointStore) -> CheckpointCommitter {
        // A window that is full of acknowledged batches does not wait for the interval.
        var commit = self.policy.commit
        commit.batches = min(commit.batches, self.policy.inFlight.batches)
        return CheckpointCommitter(
            stream: self.stream,
            queue: self.queue,
            policy: commit,
            committed: committed,
            store: store,
            clock: self.parts.clock,
            telemetry: self.telemetry,
            logger: self.logger
        )
    }

    /// Says that this stream waits for a person. The others go on.
    func tellParked(_ what: String, reason: String) {
        self.telemetry.update { $0.status = .parked(reason: reason) }
        self.logger.error("parked: \(what)", metadata: ["reason": "\(reason)"])
    }
}
