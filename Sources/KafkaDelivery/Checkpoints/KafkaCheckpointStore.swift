public import BridgeCore
internal import Locking
public import Logging
internal import RDKafka

/// Keeps checkpoints in a compacted Kafka topic: read to its end at the start and folded to the last value per key, then written one record
/// a commit with `acks=all`. An instance claims its tenants before it commits for them, and reads on for as long as it runs: where another
/// claims one of them, this one commits nothing more for it (`one-owner`).
///
/// - Receives: checkpoints and plans from the streams, and the topic's records.
/// - Hands to: the topic.
/// - Holds at most: the last value of each key of its own tenants, `CheckpointTable.bytesMax` in all.
///
/// Not detected: an instance that cannot reach Kafka does not know of its successor; what it delivered until then is delivered twice. A
/// write that was on its way when the successor claimed lands behind it; it is not used, but if compaction runs before the successor's first
/// commit, the next start resumes from it: again nothing is lost.
public final class KafkaCheckpointStore: CheckpointStore {
    let settings: KafkaCheckpointSettings
    let clock: any BridgeClock
    let logger: Logger
    private let reader: CheckpointReader
    private let writer: KafkaRecordProducer
    let routes: RecordRoutes
    let table: Locked<CheckpointTable>
    /// Who waits for a successor.
    let watchers = Locked<[ObjectIdentifier: Wakeup]>([:])
    /// Tenants that are not claimed, because a person must decide first.
    private let refused: [String: String]

    private init(
        settings: KafkaCheckpointSettings,
        clock: any BridgeClock,
        logger: Logger,
        reader: CheckpointReader,
        writer: KafkaRecordProducer,
        table: CheckpointTable,
        refused: [String: String]
    ) {
        self.settings = settings
        self.clock = clock
        self.logger = logger
        self.reader = reader
        self.writer = writer
        self.routes = RecordRoutes([RecordRoute(kafkaTopic: settings.topic, headers: [])])
        self.table = Locked(table)
        self.refused = refused
    }

    /// Makes sure of the topic, reads it, and claims the tenants.
    /// - Throws: `.unavailable` where Kafka does not answer, or the topic is not there, not compacted or not allowed.
    public static func open(
        _ settings: KafkaCheckpointSettings,
        clock: any BridgeClock,
        logger: Logger
    ) async throws(CheckpointStoreError) -> KafkaCheckpointStore {
        let opened = try await CheckpointReader.open(settings, creatingTopic: true, clock: clock, logger: logger)
        let reader = opened.reader
        var table = opened.table
        var refused: [String: String] = [:]
        var claims: [String: Int64] = [:]
        for tenant in settings.tenants {
            // Of a newer build, perhaps: a claim would overwrite what it says.
            if case .defect(let why) = table.held(.owner(tenant: tenant)), !settings.takesUnreadableOwners {
                refused[tenant] = why
            } else {
                claims[tenant] = table.claim(tenant, instance: settings.instance)
            }
        }
        let writer: KafkaRecordProducer
        do {
            writer = try KafkaRecordProducer(
                configuration: Self.producerProperties(settings),
                clock: clock,
                logger: logger
            )
        } catch {
            await reader.close()
            throw CheckpointStoreError(kind: .unavailable, description: "kafka.properties: \(error.reason)")
        }
        let store = KafkaCheckpointStore(
            settings: settings,
            clock: clock,
            logger: logger,
            reader: reader,
            writer: writer,
            table: table,
            refused: refused
        )
        do {
            for (tenant, epoch) in claims.sorted(by: { $0.key < $1.key }) {
                try await store.writeOwner(tenant, epoch: epoch, isReleased: false)
            }
        } catch {
            await store.abandon()
            throw error
        }
        return store
    }

    /// A store with the same claims that has read the topic again, to its end, and takes this one's place: of this one nothing may be used
    /// any more. What the instances before this one still wrote when it claimed is known then, once they are fenced.
    /// - Throws: as `open`; this store is at its end then, too.
    public func readAgain() async throws(CheckpointStoreError) -> KafkaCheckpointStore {
        await self.reader.close()
        do throws(CheckpointStoreError) {
            let opened = try await CheckpointReader.open(
                self.settings,
                creatingTopic: true,
                clock: self.clock,
                logger: self.logger,
                isChecked: true
            )
            var table = opened.table
            table.resume(self.table.withLock(\.claims))
            return KafkaCheckpointStore(
                settings: self.settings,
                clock: self.clock,
                logger: self.logger,
                reader: opened.reader,
                writer: self.writer,
                table: table,
                refused: self.refused
            )
        } catch {
            await self.writer.close(flushTimeout: .zero)
            throw error
        }
    }

    /// Replaces a producer that became fatal, and follows the topic to see a successor, until cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.writer.run() }
            group.addTask {
                await self.reader.follow { records in
                    self.table.withLock { table in
                        for record in records { table.read(key: record.key, value: record.value) }
                    }
                    self.wakeWatchers()
                }
            }
        }
    }

    /// Says in the topic that the tenants are free, and ends. The store must not be used afterwards.
    public func close() async {
        let (claims, successors) = self.table.withLock { ($0.claims, $0.successors) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for (tenant, claim) in claims where successors[tenant] == nil {
                    try? await self.writeOwner(tenant, epoch: claim.epoch, isReleased: true)
                }
            }
            // The brokers may be gone: then nobody is told, and the next start takes over all the same.
            group.addTask { try? await self.clock.sleep(until: self.clock.now.advanced(by: .seconds(2))) }
            await group.next()
            group.cancelAll()
        }
        await self.abandon()
    }

    /// Makes the present producer fatal, for tests of what has to happen then.
    func makeFatalForTesting() { self.writer.makeFatalForTesting() }

    /// Ends without a word, as a killed process does.
    func abandon() async {
        await self.writer.close(flushTimeout: .zero)
        await self.reader.close()
    }
}

// MARK: - Reading

extension KafkaCheckpointStore {
    /// The stream's last checkpoint in the topic.
    public func load(_ stream: StreamID) async throws(CheckpointStoreError) -> Checkpoint? {
        try self.checkOwner(stream.tenant)
        switch self.table.withLock({ $0.held(.stream(stream)) }) {
        case nil: return nil
        case .checkpoint(let document)?: return try? document.checkpoint()
        case .defect(let why)?: throw self.unreadable(.stream(stream), why)
        case .plan?, .owner?: throw self.unreadable(.stream(stream), "is not a checkpoint")
        }
    }

    /// The tenant's last plan in the topic.
    public func loadPlan(of tenant: String) async throws(CheckpointStoreError) -> SubscriptionPlan? {
        try self.checkOwner(tenant)
        switch self.table.withLock({ $0.held(.plan(tenant: tenant)) }) {
        case nil: return nil
        case .plan(let document)?: return document.plan
        case .defect(let why)?: throw self.unreadable(.plan(tenant: tenant), why)
        case .checkpoint?, .owner?: throw self.unreadable(.plan(tenant: tenant), "is not a plan")
        }
    }

    private func unreadable(_ key: CheckpointKey, _ why: String) -> CheckpointStoreError {
        let remedy =
            switch key {
            case .stream: "set, reset or import"
            case .plan: "import"
            case .owner: "set, reset or import, with --force"
            }
        return CheckpointStoreError(
            kind: .unreadable,
            description:
                "the record '\(key.text)' of the checkpoint topic '\(self.settings.topic)' \(why): run the build "
                + "that wrote it, or decide with `genesys-kafka-bridge checkpoints` (\(remedy))"
        )
    }

    func checkOwner(_ tenant: String) throws(CheckpointStoreError) {
        if let why = self.refused[tenant] { throw self.unreadable(.owner(tenant: tenant), why) }
        let (claim, successor) = self.table.withLock { ($0.claims[tenant], $0.successors[tenant]) }
        guard let successor else {
            if claim != nil { return }
            throw CheckpointStoreError(kind: .locked, description: "the tenant '\(tenant)' is not this instance's")
        }
        throw CheckpointStoreError(
            kind: .locked,
            description: "the tenant '\(tenant)' was taken over by \(successor), as the checkpoint topic "
                + "'\(self.settings.topic)' says: this instance commits nothing more for it. Run one instance for a tenant "
                + "(--share), then start this one again"
        )
    }
}

// MARK: - Writing

extension KafkaCheckpointStore {
    /// Writes the stream's record; returns when the brokers have it.
    public func commit(_ checkpoint: Checkpoint, of stream: StreamID) async throws(CheckpointStoreError) {
        try await self.write(checkpoint, of: stream)
    }

    /// Takes a stream's position away: the stream then starts as one that never committed.
    public func reset(_ stream: StreamID) async throws(CheckpointStoreError) {
        try await self.write(nil, of: stream)
    }

    /// Writes the tenant's plan; returns when the brokers have it.
    public func commitPlan(_ plan: SubscriptionPlan, of tenant: String) async throws(CheckpointStoreError) {
        try self.checkOwner(tenant)
        let document = PlanDocument(plan, tenant: tenant)
        try await self.write(.plan(tenant: tenant), .plan(document), document)
    }

    private func write(_ checkpoint: Checkpoint?, of stream: StreamID) async throws(CheckpointStoreError) {
        try self.checkOwner(stream.tenant)
        let document = CheckpointDocument(
            checkpoint,
            committedAt: TimestampText.text(ofMilliseconds: self.clock.wallMilliseconds),
            instance: self.settings.instance,
            epoch: self.claimedEpoch(of: stream.tenant)
        )
        try await self.write(.stream(stream), .checkpoint(document), document)
    }

    private func writeOwner(
        _ tenant: String,
        epoch: Int64,
        isReleased: Bool
    ) async throws(CheckpointStoreError) {
        let now = TimestampText.text(ofMilliseconds: self.clock.wallMilliseconds)
        var document = OwnerDocument(instance: self.settings.instance, epoch: epoch, claimedAt: now)
        if isReleased { document.releasedAt = now }
        try await self.write(.owner(tenant: tenant), .owner(document), document)
    }

    private func write(
        _ key: CheckpointKey,
        _ held: CheckpointTable.Held,
        _ document: some Encodable
    ) async throws(CheckpointStoreError) {
        let failure = { (reason: String) in
            CheckpointStoreError(
                kind: .unavailable,
                description:
                    "'\(key.text)' could not be written to the checkpoint topic '\(self.settings.topic)': \(reason)"
            )
        }
        let value: [UInt8]
        do { value = try CheckpointJSON.encode(document) } catch { throw failure("\(error)") }
        let keyBytes = Array(key.text.utf8)
        let bytes = keyBytes + value
        let record = self.record(
            key: ByteRange(offset: 0, length: UInt32(keyBytes.count)),
            value: ByteRange(offset: UInt32(keyBytes.count), length: UInt32(value.count))
        )
        let write = CheckpointWrite()
        await self.writer.produce(
            RecordBatch(sequence: 0, bytes: MessageBytes(bytes), routes: self.routes, records: [record]),
            reportTo: write
        )
        switch await write.outcome() {
        case .acknowledged: self.wrote(key, held, bytes: value.count)
        case .refused(let reason), .unknown(let reason): throw failure(reason)
        }
    }

    func record(key: ByteRange, value: ByteRange) -> KafkaRecord {
        KafkaRecord(
            route: 0,
            key: key,
            value: value,
            id: ByteRange(offset: 0, length: 0),
            subject: nil,
            time: nil,
            timestampMilliseconds: self.clock.wallMilliseconds
        )
    }

    func held(_ key: CheckpointKey) -> CheckpointTable.Held? { self.table.withLock { $0.held(key) } }

    func wrote(_ key: CheckpointKey, _ held: CheckpointTable.Held, bytes: Int) {
        self.table.withLock { $0.wrote(key, held, bytes: bytes) }
    }

    /// A commit that the brokers do not take within this time has failed, and is tried again with the newest position: so that health tells
    /// of it.
    private static let writeTimeoutMilliseconds = 30_000

    private static func producerProperties(_ settings: KafkaCheckpointSettings) -> KafkaConfiguration {
        var properties = settings.properties
        properties["message.timeout.ms"] = "\(Self.writeTimeoutMilliseconds)"
        properties["linger.ms"] = "0"
        return properties
    }
}
