public import BridgeCore
internal import DequeModule
internal import Locking
public import Logging

/// Keeps what sockets brought until Kafka has it, for a source that cannot replay (C2): on the disk, or in memory with the same bounds and
/// policies. An append returns when its entries are synced; what is appended while a sync is under way shares the next one. One delivery reads
/// the entries in order, from memory as long as it keeps up, and commits their positions; segments that lie before it are deleted.
///
/// How far it is committed stands in a cursor file beside the segments and not in the checkpoint store: a place in a spool means nothing without
/// the spool, and both shall live and be lost together.
///
/// - Receives: batches, from the readers of the sockets.
/// - Hands to: a `SpoolFeeder`, batches in order, each with its place as its position.
/// - Holds at most: `SpoolPolicy.readAheadBytes` for the reader, one group's bytes, and what its appenders wait for; in the segments `bytesMax`.
public actor Spool {
    /// Something that waits to become durable.
    struct Pending {
        var content: SpoolContent
        /// Nil: nobody waits for it.
        var ticket: UInt64?
    }

    /// Somebody who waits for a receipt.
    struct Ticket {
        var wakeup = Wakeup()
        var outstanding: Int
        var receipt = SpoolReceipt()
        var failure: SpoolError?
    }

    /// An entry that is ready for the reader.
    struct Ahead {
        var batch: NotificationBatch
        var heldBytes: Int
    }

    /// Where an entry begins.
    struct Place {
        var segment: UInt64
        var offset: Int
        var sequence: UInt64
    }

    /// What was found at the start. Where there is a mark, everything that was sent up to it is in the spool; what came behind it, and until the new
    /// sockets have caught up, may be missing.
    public nonisolated let recovery: SpoolRecovery

    let medium: any SpoolMedium
    let clock: any BridgeClock
    let logger: Logger
    let crashPoint: @Sendable (SpoolCrashPoint) -> Void
    let gap: @Sendable (SpoolLoss) -> GapRecord
    let writes = BlockingQueue(label: "spool writes")
    let reads = BlockingQueue(label: "spool reads")
    let wakeup = Wakeup()

    var plan: SpoolPlan
    var pending: [UInt64: Pending] = [:]
    var tickets: [UInt64: Ticket] = [:]
    var lastID: UInt64 = 0
    var committers: [UInt64: Wakeup] = [:]
    var cursorFailure: SpoolError?
    var cursorFailures = 0
    var isStopped = false
    /// Whether nothing more comes: then its reader ends behind the last entry.
    var isFinished = false
    var counts = SpoolCounts()

    let entryAdded = Wakeup()
    var ahead: Deque<Ahead> = []
    var aheadBytes = 0
    /// The entry behind the newest one in `ahead`.
    var readEnd: UInt64
    /// Where `readEnd` begins, if that is known.
    var place: Place?
    /// The newest mark that was read.
    var readMark: Int64?
    /// Counts the readers: only the newest one reads.
    var generation = 0

    private init(
        medium: any SpoolMedium,
        policy: SpoolPolicy,
        recovery: SpoolRecovery,
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void,
        gap: @escaping @Sendable (SpoolLoss) -> GapRecord
    ) {
        self.medium = medium
        self.recovery = recovery
        self.clock = clock
        self.logger = logger
        self.crashPoint = crashPoint
        self.gap = gap
        self.plan = SpoolPlan(policy, recovered: recovery, now: clock.now)
        self.readEnd = recovery.committed + 1
    }

    /// Opens a spool, and finds what its predecessor left.
    ///
    /// - Parameters:
    ///   - stream: whose spool it is; gap records name it.
    ///   - subscriptions: what the sockets are subscribed to, for gap records.
    ///   - crashPoint: is called at each named point; production passes one that does nothing.
    /// - Throws: `.locked` where another process has the folder, `.unavailable` where it cannot be read or written, `.unreadable` where another
    ///   version of the bridge wrote it.
    public static func open(
        _ store: SpoolStore,
        policy: SpoolPolicy,
        stream: StreamID,
        subscriptions: @escaping @Sendable () -> [String],
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void = { _ in }
    ) async throws(SpoolError) -> Spool {
        try await Self.open(
            policy: policy,
            stream: stream,
            subscriptions: subscriptions,
            clock: clock,
            logger: logger,
            crashPoint: crashPoint
        ) { () throws(SpoolMediumFailure) -> any SpoolMedium in
            switch store {
            case .directory(let path): try DiskSegments(directory: path)
            case .memory: MemorySegments()
            }
        }
    }

    static func open(
        policy: SpoolPolicy,
        stream: StreamID,
        subscriptions: @escaping @Sendable () -> [String],
        clock: any BridgeClock,
        logger: Logger,
        crashPoint: @escaping @Sendable (SpoolCrashPoint) -> Void,
        medium: @escaping @Sendable () throws(SpoolMediumFailure) -> any SpoolMedium
    ) async throws(SpoolError) -> Spool {
        if let defect = policy.defect { throw SpoolError(kind: .invalidPolicy, description: defect) }
        let opened = try await BlockingQueue(label: "spool opening").run { () throws(SpoolError) in
            do {
                let medium = try medium()
                return (medium, try SpoolRecovery(of: medium))
            } catch let failure as SpoolMediumFailure {
                throw SpoolError(opening: failure)
            } catch let error as SpoolError {
                throw error
            } catch {
                throw SpoolError(kind: .unavailable, description: "\(error)")
            }
        }
        let (medium, recovery) = opened
        recovery.log(to: logger)
        return Spool(
            medium: medium,
            policy: policy,
            recovery: recovery,
            clock: clock,
            logger: logger,
            crashPoint: crashPoint,
            gap: { loss in
                GapRecord(loss, of: stream, subscriptions: subscriptions(), nowMilliseconds: clock.wallMilliseconds)
            }
        )
    }

    /// Writes and deletes until cancelled; what was appended before that is still written. Afterwards nothing can be appended or read, and the
    /// folder is free. `report` is told how it is whenever that may have changed.
    public func run(report: @Sendable (SpoolSnapshot) -> Void = { _ in }) async {
        while true {
            report(self.snapshot())
            if self.isFinished { self.entryAdded.signal() }
            if let work = self.plan.nextWork(now: self.clock.now) {
                await self.perform(work)
            } else if Task.isCancelled {
                break
            } else {
                await self.wakeup.wait(until: self.plan.nextDeadline, clock: self.clock)
            }
        }
        self.isStopped = true
        let error = SpoolError(kind: .stopped, description: "the spool has stopped")
        for id in self.tickets.keys { self.fail(ticket: id, with: error) }
        for committer in self.committers.values { committer.signal() }
        self.entryAdded.signal()
        let medium = self.medium
        await self.writes.run { medium.close() }
    }

    /// How it is.
    public func snapshot() -> SpoolSnapshot {
        SpoolSnapshot(
            bytes: self.plan.byteCount,
            bytesMax: self.plan.policy.bytesMax,
            entries: self.plan.uncommittedEntries,
            oldestMilliseconds: self.plan.oldestMilliseconds,
            isDropping: self.plan.isDropping,
            isBlocking: self.plan.isBlocking,
            syncs: self.counts.syncs,
            confirmed: self.counts.confirmed,
            dropped: self.counts.dropped,
            unreadable: self.counts.unreadable,
            gaps: self.counts.gaps,
            diskReads: self.counts.diskReads,
            committedMarkMilliseconds: self.plan.committedMarkMilliseconds,
            failure: self.counts.failure
        )
    }
}
