public import BridgeCore
internal import Locking
public import Logging
public import RDKafka
internal import Synchronization

/// The process's way into Kafka: hands batches of records to librdkafka, and replaces a producer that became fatal by a new one while the
/// process goes on.
///
/// - Receives: record batches from the deliveries of all streams.
/// - Hands to: librdkafka, without copying the values.
/// - Holds at most: what the streams' queues admitted.
///
/// Replacing: everything that the old producer still had is reported as unknown **before** the new one takes anything, and a stream with a
/// failed batch gets nothing through until it has settled, so nothing overtakes (`order-per-key`). The first replacement follows at once. One
/// that was fatal before anything was acknowledged would be so again, where a permission is missing: the next one follows after a pause.
public final class KafkaRecordProducer: RecordProducer {
    private enum State {
        /// → `replacing`, `closed`.
        case ready(ProducerGeneration)
        /// A fatal producer is being reported and closed. → `ready`, `closed`.
        case replacing(waiting: [CheckedContinuation<ProducerGeneration?, Never>])
        /// Terminal.
        case closed
    }

    private let configuration: KafkaConfiguration
    private let clock: any BridgeClock
    private let logger: Logger
    private let state: Locked<State>
    /// Why the last producer was replaced that got nothing acknowledged.
    private let lastFatal = Locked<KafkaError?>(nil)
    private let replacements = Atomic<Int>(0)
    private let fatalErrors: AsyncStream<KafkaError>
    private let fatalErrorsContinuation: AsyncStream<KafkaError>.Continuation

    /// Makes the first producer. Brokers need not be there yet.
    /// - Throws: a property that librdkafka refuses, by name.
    public init(configuration: KafkaConfiguration, clock: any BridgeClock, logger: Logger) throws(KafkaError) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        let (stream, continuation) = AsyncStream.makeStream(of: KafkaError.self, bufferingPolicy: .bufferingNewest(1))
        self.fatalErrors = stream
        self.fatalErrorsContinuation = continuation
        let producer = try Self.makeProducer(configuration, logger: logger, fatalErrors: continuation)
        self.state = Locked(.ready(ProducerGeneration(producer)))
    }

    /// Whether the present producer has written something.
    private var hasWorked: Bool {
        self.state.withLock { state in
            guard case .ready(let generation) = state else { return false }
            return generation.producer.hasPersisted
        }
    }

    /// How many producers became fatal and were replaced.
    public var replacementCount: Int { self.replacements.load(ordering: .relaxed) }

    /// What a person has to mend before records reach Kafka, for people; nil where nothing of the kind was met, or a record was acknowledged
    /// since.
    public var obstacle: String? {
        let lastFatal = self.lastFatal.withLock(\.self)
        let error = self.state.withLock { state -> KafkaError? in
            switch state {
            case .ready(let generation):
                generation.producer.obstacle ?? (generation.producer.hasPersisted ? nil : lastFatal)
            case .replacing: lastFatal
            case .closed: nil
            }
        }
        return error?.reason
    }

    /// Records handed to librdkafka whose report has not come.
    public var outstandingRecordCount: Int {
        self.state.withLock { state in
            guard case .ready(let generation) = state else { return 0 }
            return generation.producer.outstandingRecordCount
        }
    }

    /// Makes the present producer fatal by librdkafka's own means, for tests and drills of what has to happen then.
    public func makeFatalForTesting() {
        let generation = self.state.withLock { state -> ProducerGeneration? in
            guard case .ready(let generation) = state else { return nil }
            return generation
        }
        _ = generation?.producer.triggerFatalErrorForTesting(.outOfOrderSequenceNumber, reason: "a drill")
    }

    /// Replaces fatal producers until cancelled.
    public func run() async {
        var random = SystemRandomNumberGenerator()
        var pauses = ReplacementPause()
        for await error in self.fatalErrors {
            let pause = pauses.next(hadWorked: self.hasWorked, random: &random)
            self.logger.error(
                "the producer can do nothing more and is replaced; what it had is delivered again",
                metadata: ["reason": "\(error)", "pause": "\(pause)"]
            )
            await self.replace(error, after: pause)
        }
    }

    /// Flushes for at most `flushTimeout`, reports what is left as unknown, and ends. `produce` then reports everything as unknown.
    public func close(flushTimeout: Duration) async {
        self.fatalErrorsContinuation.finish()
        typealias Waiting = [CheckedContinuation<ProducerGeneration?, Never>]
        let (generation, waiting) = self.state.withLock { state -> (ProducerGeneration?, Waiting) in
            defer { state = .closed }
            switch state {
            case .ready(let generation): return (generation, [])
            case .replacing(let waiting): return (nil, waiting)
            case .closed: return (nil, [])
            }
        }
        for continuation in waiting { continuation.resume(returning: nil) }
        await generation?.producer.close(flushTimeout: flushTimeout)
    }
}

// MARK: - Producing

extension KafkaRecordProducer {
    /// See `RecordProducer`.
    public func produce(_ batch: RecordBatch, reportTo sink: any DeliveryReportSink) async {
        var lastReason = "the producer is closed"
        while let generation = await self.currentGeneration() {
            guard !sink.hasFailed else {
                lastReason = "a batch before it was not acknowledged"
                break
            }
            let routes: [ProducerGeneration.Route]
            let inFlight: KafkaInFlightBatch
            do {
                routes = try generation.prepare(batch.routes)
                inFlight = try generation.producer.beginBatch(
                    tag: batch.sequence,
                    recordCount: batch.records.count,
                    bytes: batch.bytes,
                    failureLimit: batch.records.count,
                    sink: ReportTranslator(batch, sink)
                )
            } catch {
                // Closed under our hands: the next generation takes it, once there is one.
                if error.action == .fatalForProducer, self.isCurrent(generation) == false { continue }
                return sink.receive(DeliveryReport(sequence: batch.sequence, outcome: .refused(reason: "\(error)")))
            }
            return await self.handOver(inFlight, batch, routes, to: generation.producer)
        }
        sink.receive(DeliveryReport(sequence: batch.sequence, outcome: .unknown(reason: lastReason)))
    }

    private func handOver(
        _ inFlight: KafkaInFlightBatch,
        _ batch: RecordBatch,
        _ routes: [ProducerGeneration.Route],
        to producer: KafkaProducer
    ) async {
        // Cancelled means that the process ends: closing the producer reports what was not handed over.
        while !Task.isCancelled {
            let result = producer.produce(inFlight) { batch.descriptor(at: $0, routes) }
            guard result == .queueFull else { return }
            await producer.waitForRoom()
        }
    }
}

// MARK: - Generations

extension KafkaRecordProducer {
    private func isCurrent(_ generation: ProducerGeneration) -> Bool {
        self.state.withLock { state in
            guard case .ready(let current) = state else { return false }
            return current === generation
        }
    }

    /// The producer to use, waiting while one is being replaced; nil once closed.
    private func currentGeneration() async -> ProducerGeneration? {
        await withCheckedContinuation { continuation in
            let (isDecided, generation) = self.state.withLock { state -> (Bool, ProducerGeneration?) in
                switch state {
                case .ready(let generation):
                    return (true, generation)
                case .replacing(let waiting):
                    state = .replacing(waiting: waiting + [continuation])
                    return (false, nil)
                case .closed:
                    return (true, nil)
                }
            }
            if isDecided { continuation.resume(returning: generation) }
        }
    }

    private func replace(_ error: KafkaError, after pause: Duration) async {
        let old = self.state.withLock { state -> ProducerGeneration? in
            guard case .ready(let generation) = state else { return nil }
            state = .replacing(waiting: [])
            return generation
        }
        guard let old else { return }
        // Every batch that it has is reported, as unknown where Kafka said nothing, before anyone sees the new one.
        await old.producer.close(flushTimeout: .zero)
        self.lastFatal.withLock { $0 = old.producer.hasPersisted ? nil : error }
        if pause > .zero { try? await self.clock.sleep(until: self.clock.now.advanced(by: pause)) }
        let next: ProducerGeneration?
        do {
            next = ProducerGeneration(
                try Self.makeProducer(
                    self.configuration,
                    logger: self.logger,
                    fatalErrors: self.fatalErrorsContinuation
                )
            )
            self.replacements.add(1, ordering: .relaxed)
        } catch {
            // The same settings were accepted before: only a lack of threads or memory can be the reason.
            self.logger.critical("no new producer could be made", metadata: ["reason": "\(error)"])
            next = nil
        }
        let (waiting, isClosed) = self.state.withLock { state in
            guard case .replacing(let waiting) = state else {
                return ([CheckedContinuation<ProducerGeneration?, Never>](), true)
            }
            state = next.map { .ready($0) } ?? .closed
            return (waiting, false)
        }
        for continuation in waiting { continuation.resume(returning: next) }
        if isClosed { await next?.producer.close(flushTimeout: .zero) }
    }

    private static func makeProducer(
        _ configuration: KafkaConfiguration,
        logger: Logger,
        fatalErrors: AsyncStream<KafkaError>.Continuation
    ) throws(KafkaError) -> KafkaProducer {
        try KafkaProducer(
            configuration: configuration,
            onFatal: { fatalErrors.yield($0) },
            onError: { logger.warning("kafka: \($0.reason)", metadata: ["code": "\($0.name)"]) },
            onLog: { line in logger.debug("librdkafka: \(line.message)", metadata: ["facility": "\(line.facility)"]) }
        )
    }
}
