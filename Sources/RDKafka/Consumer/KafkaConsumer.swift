/// Reads whole topics, for audits: every partition from its beginning or from given offsets, without a group.
///
/// *Receives* records from the brokers. *Hands to* the caller of `next` batches of them, with the ends and the offset
/// jumps of each partition. *Holds at most* what librdkafka prefetches (`queued.max.messages.kbytes`, per partition).
///
/// An actor on a thread of its own: `next` blocks that thread, never the cooperative pool. Topics and partitions may
/// appear later: they are looked for in the course of `next`, and never created. Close it; without `close`, whoever
/// drops the last reference waits for librdkafka's threads.
public actor KafkaConsumer {
    let executor: ThreadExecutor
    private var handle: ConsumerHandle?
    private let topics: [String]
    private let startOffsets: [KafkaPartition: Int64]
    private let discoveryInterval: Duration
    private let onLog: @Sendable (KafkaLogLine) -> Void

    private var offsets = OffsetTracker()
    private var nextDiscovery: ContinuousClock.Instant?

    /// How long one look for partitions may keep `next` from giving records.
    private static let discoveryTimeoutMilliseconds: Int32 = 2000
    /// How often topics that do not exist yet are looked for.
    private static let missingTopicInterval = Duration.milliseconds(250)

    /// Connecting happens in the background.
    ///
    /// - Parameters:
    ///   - configuration: librdkafka's properties. Where they say nothing: `auto.offset.reset=earliest`,
    ///     `enable.partition.eof=true`, `allow.auto.create.topics=false`. `isolation.level` is librdkafka's default,
    ///     `read_committed`.
    ///   - topics: all of whose partitions are read. They need not exist yet.
    ///   - startOffsets: where to start in some partitions; the others are read from offset 0, or from the oldest
    ///     record that is left (which counts as a gap).
    ///   - discoveryInterval: how often new partitions of existing topics are looked for.
    ///   - onLog: a line that librdkafka logs; called on the actor's thread.
    /// - Throws: a property that librdkafka refuses, by name.
    public init(
        configuration: KafkaConfiguration,
        topics: [String],
        startOffsets: [KafkaPartition: Int64] = [:],
        discoveryInterval: Duration = .seconds(10),
        onLog: @escaping @Sendable (KafkaLogLine) -> Void = { _ in }
    ) throws(KafkaError) {
        var configuration = configuration
        let defaults = [
            ("auto.offset.reset", "earliest"), ("enable.partition.eof", "true"), ("allow.auto.create.topics", "false"),
        ]
        for (name, value) in defaults where configuration[name] == nil {
            configuration[name] = value
        }
        self.executor = try ThreadExecutor()
        self.handle = try ConsumerHandle(configuration)
        self.topics = topics
        self.startOffsets = startOffsets
        self.discoveryInterval = discoveryInterval
        self.onLog = onLog
    }

    /// Waits for records or events, then takes what is there.
    ///
    /// - Parameters:
    ///   - recordCountMax: at most so many records; at least 1.
    ///   - timeout: how long to wait for the first record or event. A look for new partitions may add up to 2 s.
    /// - Returns: an empty batch when the time was over.
    /// - Throws: the client is closed.
    public func next(max recordCountMax: Int, timeout: Duration) throws(KafkaError) -> KafkaConsumedBatch {
        let deadline = ContinuousClock.now + timeout
        var batch = KafkaConsumedBatch()
        repeat {
            try self.discoverIfDue(&batch)
            // Wait no longer than until the next look for partitions.
            let wake = min(deadline, self.nextDiscovery ?? deadline)
            while batch.records.count < recordCountMax {
                let wait = batch.isEmpty ? (wake - ContinuousClock.now).clampedMilliseconds : 0
                guard let found = try self.poll(wait) else { break }
                self.take(found, into: &batch)
            }
        } while batch.isEmpty && ContinuousClock.now < deadline
        return batch
    }

    /// The offsets that a partition holds at this moment, as its leader says.
    ///
    /// - Throws: no answer in time, an unknown partition, or the client is closed.
    public func watermarks(
        topic: String,
        partition: Int32,
        timeout: Duration
    ) throws(KafkaError) -> KafkaWatermarks {
        switch self.handle {
        case .some(let handle):
            try handle.watermarks(
                of: KafkaPartition(topic: topic, partition: partition),
                timeoutMilliseconds: timeout.clampedMilliseconds
            )
        case .none: throw .closed
        }
    }

    /// How many records of one partition were not given to the caller yet, at most over all partitions: by what the brokers said
    /// with their last records, so nobody is asked. 0 after `close`.
    public func lagMax() -> Int {
        var result: Int64 = 0
        for partition in self.offsets.partitions {
            guard let next = self.offsets.next(partition), let end = self.handle?.knownEnd(of: partition)
            else { continue }
            result = max(result, end - next)
        }
        return Int(result)
    }

    /// Ends librdkafka's threads. Further calls throw `.destroyed`.
    public func close() {
        self.handle = nil
    }

    private func poll(_ timeoutMilliseconds: Int32) throws(KafkaError) -> ConsumerPoll? {
        switch self.handle {
        case .some(let handle): handle.poll(timeoutMilliseconds: timeoutMilliseconds)
        case .none: throw .closed
        }
    }

    private func take(_ found: ConsumerPoll, into batch: inout KafkaConsumedBatch) {
        switch found {
        case .record(let record):
            let partition = KafkaPartition(topic: record.topic, partition: record.partition)
            if let gap = self.offsets.record(partition, offset: record.offset) { batch.events.append(.gap(gap)) }
            batch.records.append(record)
        case .endOfPartition(let partition, let nextOffset):
            if let gap = self.offsets.end(partition, nextOffset: nextOffset) { batch.events.append(.gap(gap)) }
            batch.events.append(.endOfPartition(partition, nextOffset: nextOffset))
        case .error(let error, let partition):
            batch.events.append(.error(error, partition))
        case .log(let line):
            self.onLog(line)
        case .nothing:
            break
        }
    }

    /// Looks for partitions that are not read yet, and starts them.
    private func discoverIfDue(_ batch: inout KafkaConsumedBatch) throws(KafkaError) {
        if let nextDiscovery = self.nextDiscovery, ContinuousClock.now < nextDiscovery { return }
        var isComplete = false
        do throws(KafkaError) {
            isComplete = try self.discover(&batch)
        } catch  where error.code != .destroyed {
            // No broker answers, for example: told, and tried again.
            batch.events.append(.error(error, nil))
        }
        self.nextDiscovery = ContinuousClock.now + (isComplete ? self.discoveryInterval : Self.missingTopicInterval)
    }

    /// Starts what is new; whether every topic was found.
    private func discover(_ batch: inout KafkaConsumedBatch) throws(KafkaError) -> Bool {
        let metadata = try self.metadata()
        var isComplete = true
        for name in self.topics {
            guard let topic = metadata.topic(name), topic.error == nil, !topic.partitions.isEmpty else {
                isComplete = false
                continue
            }
            for id in topic.partitions.map(\.id) {
                let partition = KafkaPartition(topic: name, partition: id)
                if self.offsets.isReading(partition) { continue }
                let offset = self.startOffsets[partition] ?? 0
                try self.handle?.start(partition, at: offset)
                self.offsets.start(partition, at: offset)
                batch.events.append(.partitionFound(partition))
            }
        }
        return isComplete
    }

    private func metadata() throws(KafkaError) -> KafkaMetadata {
        switch self.handle {
        case .some(let handle): try handle.metadata(timeoutMilliseconds: Self.discoveryTimeoutMilliseconds)
        case .none: throw .closed
        }
    }
}
