internal import Locking

/// A Kafka producer over librdkafka, whose unit is the batch: one owner of bytes, one hand-over, one report.
///
/// *Receives* batches of records that are ranges of bytes somebody else owns. *Hands to* librdkafka, without a copy of
/// the values, and reports each batch to its sink exactly once. *Holds at most* what librdkafka's queue limits allow
/// (`queue.buffering.max.messages`, `queue.buffering.max.kbytes`).
///
/// One thread per producer serves delivery reports, errors and log lines from start to end, also during `flush` and
/// `close`. Nothing here blocks the caller's thread.
///
/// ```swift
/// let producer = try KafkaProducer(configuration: .idempotentProducer(bootstrapServers: "kafka:9092"), onFatal: …)
/// let events = try producer.topic("events")
/// let batch = try producer.beginBatch(tag: 1, recordCount: 2, bytes: KafkaBytes("ab".utf8), sink: sink)
/// while producer.produce(batch, describe: { index in
///     KafkaRecordDescriptor(topic: events, key: nil, value: KafkaByteRange(offset: UInt32(index), count: 1))
/// }) == .queueFull {
///     await producer.waitForRoom()
/// }
/// await producer.close(flushTimeout: .seconds(10))
/// ```
public final class KafkaProducer: Sendable {
    private let core: ProducerCore
    /// Taken by the first `close`.
    private let thread: Locked<NativeThread?>

    /// Makes a producer and starts its thread. Connecting happens in the background: brokers need not be there yet.
    ///
    /// The handlers are called on the poll thread: they must not block.
    ///
    /// - Parameters:
    ///   - configuration: librdkafka's properties, taken as they are.
    ///   - onFatal: the producer can do nothing more, with the underlying code; called at most once.
    ///   - onError: an error of the client that librdkafka handles by itself, e.g. a broker that cannot be reached.
    ///   - onLog: a line that librdkafka logs.
    /// - Throws: a property that librdkafka refuses, by name.
    public init(
        configuration: KafkaConfiguration,
        onFatal: @escaping @Sendable (KafkaError) -> Void,
        onError: @escaping @Sendable (KafkaError) -> Void = { _ in },
        onLog: @escaping @Sendable (KafkaLogLine) -> Void = { _ in }
    ) throws(KafkaError) {
        let core = try ProducerCore(
            configuration: configuration,
            handlers: ProducerCore.Handlers(onFatal: onFatal, onError: onError, onLog: onLog)
        )
        self.core = core
        self.thread = Locked(try NativeThread { core.run() })
    }

    /// Without `close`: what is outstanding is purged and reported by the poll thread, which then ends by itself.
    deinit {
        if self.thread.withLock({ $0.take() }) != nil { self.core.stop() }
    }

    var cell: ProducerHandleCell { self.core.cell }

    // MARK: what records refer to

    /// Registers a topic; the same name gives the same id. Nothing is asked of a broker.
    ///
    /// - Throws: a name that Kafka does not allow, or the producer is closed.
    public func topic(_ name: String) throws(KafkaError) -> KafkaTopicID {
        let id = try self.core.cell.call { handle throws(KafkaError) in try handle.topic(name) }
        guard let id else { throw .closed }
        return id
    }

    /// Registers a list of headers. Templates live as long as the producer: make one per kind of record.
    ///
    /// - Throws: a header without a name or with a slot that does not exist, or the producer is closed.
    public func headerTemplate(_ headers: [KafkaHeader]) throws(KafkaError) -> KafkaHeaderTemplateID {
        let id = try self.core.cell.call { handle throws(KafkaError) in try handle.headerTemplate(headers) }
        guard let id else { throw .closed }
        return id
    }

    // MARK: batches

    /// Begins a batch; hand its records over with `produce`.
    ///
    /// - Parameters:
    ///   - tag: the caller's own number, given back in the report.
    ///   - recordCount: records in the batch. An empty one is reported like any other.
    ///   - bytes: what the records' ranges lie in; held until the report.
    ///   - failureLimit: how many failed records the report describes (at least one).
    ///   - sink: who takes the report.
    /// - Throws: the producer is closed, or the count is negative or above 2^32 - 1; no report will come then.
    public func beginBatch(
        tag: UInt64,
        recordCount: Int,
        bytes: any KafkaBatchBytes,
        failureLimit: Int = 16,
        sink: any KafkaDeliverySink
    ) throws(KafkaError) -> KafkaInFlightBatch {
        guard (0...Int(UInt32.max)).contains(recordCount) else {
            throw KafkaError(code: .invalidArgument, reason: "\(recordCount) records: a batch has 0 to \(UInt32.max)")
        }
        let batch = self.core.cell.call { handle in
            self.core.begin(with: handle) { slot in
                KafkaInFlightBatch(
                    owner: ObjectIdentifier(self.core),
                    slot: slot,
                    tag: tag,
                    recordCount: recordCount,
                    failureLimit: failureLimit,
                    bytes: bytes,
                    sink: sink
                )
            }
        }
        guard let batch else { throw .closed }
        return batch
    }

    /// Hands the batch's records to librdkafka in order, going on where the last call stopped.
    ///
    /// A record that is refused at once (too large, a range outside of the bytes, …) counts as reported with that
    /// error, and the next one is taken.
    ///
    /// - Precondition: the batch is this producer's, and no other call works on it.
    /// - Parameters:
    ///   - batch: what to hand over.
    ///   - describe: gives the record of an index; called in order on the caller's thread. It may be called again for
    ///     the record at which the queue was full.
    public func produce(
        _ batch: KafkaInFlightBatch,
        describe: (Int) -> KafkaRecordDescriptor
    ) -> KafkaProduceResult {
        precondition(batch.owner == ObjectIdentifier(self.core), "the batch belongs to another producer")
        return self.core.cell.call { handle in self.core.produce(batch, with: handle, describe: describe) } ?? .closed
    }

    /// Refuses the records that `produce` did not get to hand over: nobody will call it for this batch again. What was handed over is
    /// reported by librdkafka.
    public func giveUpRest(of batch: KafkaInFlightBatch, reason: String) {
        _ = self.core.cell.call { handle in
            self.core.refuseRemainder(of: batch, KafkaError(code: .purgedFromQueue, reason: reason), with: handle)
        }
    }

    /// Returns when librdkafka's queue may have room again: after the next delivery reports, at once if none is
    /// outstanding, and when the task is cancelled or the producer closes.
    public func waitForRoom() async {
        await self.core.room.wait { self.core.outstandingRecordCount > 0 }
    }

    /// Records handed over whose report has not come.
    public var outstandingRecordCount: Int { self.core.outstandingRecordCount }

    // MARK: the end

    /// Sends what waits for company and waits until everything is reported, or for `timeout`.
    ///
    /// - Returns: records still outstanding; 0 means that every report has reached its sink.
    public func flush(timeout: Duration) async -> Int {
        let core = self.core
        let milliseconds = timeout.clampedMilliseconds
        // Without a thread to wait on there is nothing to wait for: the count tells the caller.
        try? await NativeThread.run {
            _ = core.cell.call { $0.flush(timeoutMilliseconds: milliseconds) }
        }
        return core.outstandingRecordCount
    }

    /// Gives up on everything outstanding. Each record is reported: `.notPersisted` if it was never sent,
    /// `.possiblyPersisted` if a broker may be writing it.
    public func purge() {
        _ = self.core.cell.call { $0.purge() }
    }

    /// Flushes for at most `flushTimeout`, purges the rest, and returns when every batch has been reported and
    /// librdkafka's threads have ended. From the first moment on `produce` gives `.closed`. A second call waits for the
    /// first.
    public func close(flushTimeout: Duration) async {
        let core = self.core
        core.room.close()
        guard await core.cell.closeGate() else { return await core.finished.wait() }
        let milliseconds = flushTimeout.clampedMilliseconds
        // Without a thread to flush on, what is outstanding is purged and reported so.
        try? await NativeThread.run { core.cell.ownerCall { $0.flush(timeoutMilliseconds: milliseconds) } }
        core.stop()
        await core.finished.wait()
        self.thread.withLock { $0.take() }?.join()
    }

    // MARK: what stands in the way

    /// What a person has to mend before records reach the brokers: a password, a certificate, a permission. Nil where nothing of the kind
    /// was met, or a record was acknowledged since.
    public var obstacle: KafkaError? { self.core.lastObstacle }

    /// Whether a record was ever acknowledged.
    public var hasPersisted: Bool { self.core.hasPersisted }

    // MARK: fatal errors

    /// Whether `onFatal` has been called: make another producer.
    public var isFatal: Bool { self.core.isFatal }

    /// Makes the producer fatal by librdkafka's own means, for tests and drills of what has to happen then.
    ///
    /// - Returns: whether it was not fatal before.
    public func triggerFatalErrorForTesting(_ code: KafkaErrorCode, reason: String) -> Bool {
        self.core.cell.call { $0.triggerFatalError(code, reason: reason) } == KafkaErrorCode.none
    }
}
