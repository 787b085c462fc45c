internal import BridgeCore
internal import Logging

/// Reads one stream's spool into the queue of its delivery; after a failed delivery once more, from the committed place on.
///
/// - Receives: batches from the stream's `Spool`, in order, each with its place as its position.
/// - Hands to: the stream's `BatchQueue`.
/// - Holds at most: one batch.
actor SpoolFeeder {
    /// How a reading ended.
    private enum Ending {
        /// Everything that was in the spool is in the queue, and nothing more comes.
        case exhausted
        /// A batch was not acknowledged, or the task is cancelled.
        case interrupted
        /// The spool cannot be read.
        case failed(SpoolError)
    }

    private let spool: Spool
    private let queue: BatchQueue
    private let delivery: StreamDelivery
    private let clock: any BridgeClock
    private let telemetry: StreamTelemetry
    private let logger: Logger
    private var backoff: Backoff
    private var random = SystemRandomNumberGenerator()
    /// Why a batch was not acknowledged.
    private var failure: String?
    private var lastCommitted: Position?

    init(
        spool: Spool,
        queue: BatchQueue,
        delivery: StreamDelivery,
        backoff: Backoff.Policy,
        clock: any BridgeClock,
        telemetry: StreamTelemetry,
        logger: Logger
    ) {
        self.spool = spool
        self.queue = queue
        self.delivery = delivery
        self.backoff = Backoff(backoff)
        self.clock = clock
        self.telemetry = telemetry
        self.logger = logger
    }

    /// A batch was not acknowledged: nothing that is behind it may be handed on before it was.
    func deliveryFailed(reason: String) async {
        self.failure = reason
        self.queue.refuse()
        await self.spool.endReading()
    }

    /// Feeds until the spool has ended and everything of it is committed, or until cancelled.
    func run() async {
        while !Task.isCancelled {
            self.failure = nil
            self.queue.accept()
            let ending = await self.feed()
            guard !Task.isCancelled else { return }
            let committed = await self.delivery.settle(discarding: self.failure != nil)
            if case .exhausted = ending, self.failure == nil { return }
            await self.pause(committed?.position, behind: ending)
        }
    }

    private func feed() async -> Ending {
        do throws(SpoolError) {
            let batches = try await self.spool.batches()
            if self.telemetry.snapshot.spoolFailure != nil { self.telemetry.update { $0.spoolFailure = nil } }
            while let batch = try await batches.next() {
                guard await self.queue.send(batch) == .admitted else { return .interrupted }
            }
            return self.failure == nil && !Task.isCancelled ? .exhausted : .interrupted
        } catch {
            return .failed(error)
        }
    }

    /// Waits before the next reading; longer each time that nothing was committed in between.
    private func pause(_ committed: Position?, behind ending: Ending) async {
        if committed != self.lastCommitted { self.backoff.reset() }
        self.lastCommitted = committed
        let delay = self.backoff.nextDelay(random: &self.random)
        let seconds = "\((delay.inSeconds * 10).rounded() / 10)"
        switch ending {
        case .failed(let error):
            if self.telemetry.snapshot.spoolFailure != error.description {
                self.logger.error(
                    "the spool cannot be read; it is tried again",
                    metadata: ["reason": "\(error.description)"]
                )
            }
            self.telemetry.update { $0.spoolFailure = error.description }
        case .exhausted, .interrupted:
            self.logger.warning(
                "a delivery failed: what is not acknowledged is read from the spool once more",
                metadata: ["reason": "\(self.failure ?? "unknown")", "delaySeconds": "\(seconds)"]
            )
        }
        try? await self.clock.sleep(until: self.clock.now.advanced(by: delay))
    }
}
