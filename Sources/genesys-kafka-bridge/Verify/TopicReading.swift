import BridgeCore
import RDKafka

/// Reads one tenant's topics from their beginning to the ends that they have when it starts.
///
/// - Receives: a configuration and a tenant.
/// - Hands to: `TopicAccount`, all records that are committed.
/// - Holds at most: what librdkafka reads ahead, 64 MiB in all and one answer of 1 MiB for each partition.
struct TopicReading {
    /// How it goes on.
    struct Progress: Hashable {
        var read: Int
        var total: Int
    }

    let tenant: String
    private let isOfChannels: Bool
    /// The tenant's topics and what they hold.
    let roles: [String: TopicAccount.Role]
    let kafka: KafkaConfiguration
    let clock: any BridgeClock
    /// So long without anything from the cluster, and the reading fails.
    let silenceMax: Duration
    let onProgress: @Sendable (Progress) -> Void

    private static let recordsPerTurnMax = 2_000
    private static let progressInterval = Duration.seconds(2)
    private static let readAheadKibibytes = 65_536
    private static let questionTimeout = Duration.seconds(30)

    /// What is read of one partition.
    private struct Extent {
        var partition: KafkaPartition
        var offsets: Range<Int64>
    }

    init(
        _ tenant: TenantConfiguration,
        _ configuration: BridgeConfiguration,
        clock: any BridgeClock,
        silenceMax: Duration,
        onProgress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) {
        var roles: [String: TopicAccount.Role] = [:]
        for routed in tenant.routedEvents {
            let topic = routed.kafkaTopic(tenant: tenant.name)
            var events = TopicAccount.Events(names: [routed.family], areInOrder: routed.records.key == .entity)
            if case .events(let others)? = roles[topic] { events.formUnion(others) }
            roles[topic] = .events(events)
        }
        roles[TopicTemplate.deadLetters.kafkaTopic(tenant: tenant.name, family: "")] = .deadLetters
        roles[TopicTemplate.gaps.kafkaTopic(tenant: tenant.name, family: "")] = .gaps
        self.tenant = tenant.name
        self.isOfChannels = tenant.streamProtocol != .stream
        self.roles = roles
        self.kafka = configuration.kafka
        self.clock = clock
        self.silenceMax = silenceMax
        self.onProgress = onProgress
    }

    /// Reads, and counts.
    ///
    /// - Throws: `KafkaError`, or `CommandFailure` when the cluster no longer answers.
    func run(_ metadata: KafkaMetadata) async throws -> TopicAccount {
        var account = TopicAccount(
            tenant: self.tenant,
            isOfChannels: self.isOfChannels,
            nowMilliseconds: self.clock.wallMilliseconds
        )
        var partitions: [KafkaPartition] = []
        for name in self.roles.keys.sorted() {
            guard let topic = metadata.topic(name), topic.error != .unknownTopicOrPartition else {
                account.observeMissing(name)
                continue
            }
            partitions += topic.partitions.map { KafkaPartition(topic: name, partition: $0.id) }
        }
        // Where the events end is asked first: what was written about them by then is in the notices.
        let ends = try await self.extents(partitions.filter(self.isOfEvents), &account)
        let notices = try await self.extents(partitions.filter { !self.isOfEvents($0) }, &account)
        var progress = Progress(read: 0, total: Self.count(ends) + Self.count(notices))
        // Notices are read first: they say what may be missing.
        try await self.read(notices, into: &account, &progress)
        try await self.read(ends, into: &account, &progress)
        self.onProgress(progress)
        return account
    }

    private static func count(_ extents: [Extent]) -> Int {
        extents.reduce(0) { $0 + $1.offsets.count }
    }

    private func isOfEvents(_ partition: KafkaPartition) -> Bool {
        if case .events? = self.roles[partition.topic] { return true }
        return false
    }

    /// What there is to read of each partition that is not empty.
    private func extents(_ partitions: [KafkaPartition], _ account: inout TopicAccount) async throws -> [Extent] {
        let asker = try RDKafka.KafkaConsumer(configuration: self.consumer(partitions: 1), topics: [])
        var extents: [Extent] = []
        do {
            for partition in partitions {
                let marks = try await asker.watermarks(
                    topic: partition.topic,
                    partition: partition.partition,
                    timeout: Self.questionTimeout
                )
                account.observeExpired(Int(clamping: max(marks.low, 0)))
                guard marks.low >= 0, marks.low < marks.high else { continue }
                extents.append(Extent(partition: partition, offsets: marks.low..<marks.high))
            }
        } catch {
            await asker.close()
            throw error
        }
        await asker.close()
        return extents
    }

    private func read(_ extents: [Extent], into account: inout TopicAccount, _ progress: inout Progress) async throws {
        guard !extents.isEmpty else { return }
        let consumer = try RDKafka.KafkaConsumer(
            configuration: self.consumer(partitions: extents.count),
            topics: Set(extents.map(\.partition.topic)).sorted(),
            startOffsets: Dictionary(uniqueKeysWithValues: extents.map { ($0.partition, $0.offsets.lowerBound) })
        )
        do {
            try await self.read(extents, from: consumer, into: &account, &progress)
        } catch {
            await consumer.close()
            throw error
        }
        await consumer.close()
    }

    private func read(
        _ extents: [Extent],
        from consumer: RDKafka.KafkaConsumer,
        into account: inout TopicAccount,
        _ progress: inout Progress
    ) async throws {
        var ends = Dictionary(uniqueKeysWithValues: extents.map { ($0.partition, $0.offsets.upperBound) })
        var (heardAt, toldAt) = (self.clock.now, self.clock.now)
        var problem: KafkaError?
        while !ends.isEmpty {
            let batch = try await consumer.next(max: Self.recordsPerTurnMax, timeout: .seconds(1))
            let now = self.clock.now
            for record in batch.records {
                let partition = KafkaPartition(topic: record.topic, partition: record.partition)
                guard let end = ends[partition], let role = self.roles[record.topic] else { continue }
                if record.offset < end {
                    account.observe(record, in: role)
                    progress.read += 1
                }
                if record.offset + 1 >= end { ends[partition] = nil }
                heardAt = now
            }
            for event in batch.events {
                switch event {
                case .endOfPartition(let partition, let nextOffset):
                    if let end = ends[partition], nextOffset >= end { ends[partition] = nil }
                    heardAt = now
                case .gap(let gap): account.observeSkipped(Int(clamping: gap.missingCount))
                case .error(let error, _):
                    if error.isFatal { throw error }
                    problem = error
                case .partitionFound: break
                }
            }
            guard heardAt.duration(to: now) < self.silenceMax else {
                let why = problem.map { ": \($0.description)" } ?? ""
                throw CommandFailure(
                    .unavailable,
                    "Kafka gave nothing for \(DurationText.format(self.silenceMax))\(why)"
                )
            }
            if toldAt.duration(to: now) >= Self.progressInterval {
                toldAt = now
                self.onProgress(progress)
            }
        }
    }

    /// The deployment's properties, and what a reader of everything needs: committed records only, with a bound on what is read ahead. A
    /// partition whose share is full pauses for a second in librdkafka, so shares are not smaller than they must be.
    private func consumer(partitions: Int) -> RDKafka.KafkaConfiguration {
        var result = TopicAdmin.client(self.kafka)
        let readAheadKibibytes = min(max(Self.readAheadKibibytes / partitions, 1024), 16_384)
        for (name, value) in [
            ("isolation.level", "read_committed"), ("auto.offset.reset", "earliest"), ("enable.partition.eof", "true"),
            ("allow.auto.create.topics", "false"), ("queued.max.messages.kbytes", "\(readAheadKibibytes)"),
            ("fetch.message.max.bytes", "1048576"), ("fetch.wait.max.ms", "20"),
        ] {
            result[name] = value
        }
        return result
    }
}
