internal import DequeModule

/// Decides what a spool does next: which entries share a sync, when a new segment begins, what may be deleted, and what becomes of events for
/// which there is no room. One write is under way at a time; what comes meanwhile gathers for the next one.
///
/// The bound counts every byte of every segment that is there, and what gathers. Room for one loss's beginning and its end is always kept
/// free, so that nothing is dropped that a gap record does not account for (`no-silent-loss`).
///
/// - Receives: items, as they come from the sockets, and what became of the writes.
/// - Hands to: its driver, what is to be written, synced and deleted.
/// - Holds at most: one entry for each item that is not durable, and one for each segment.
public struct SpoolPlan: Hashable, Sendable {
    /// What is to be spooled, by a number that its owner gave it.
    public struct Item: Hashable, Sendable {
        /// The number.
        public var id: UInt64
        /// What its entry takes.
        public var byteCount: Int
        /// How many events it has.
        public var events: Int
        /// When it was received, or until when it says that everything is there; milliseconds since 1970-01-01T00:00:00Z.
        public var milliseconds: Int64
        /// Whether it is a mark.
        public var isMark: Bool

        /// An item.
        public init(id: UInt64, byteCount: Int, events: Int, milliseconds: Int64, isMark: Bool = false) {
            self.id = id
            self.byteCount = byteCount
            self.events = events
            self.milliseconds = milliseconds
            self.isMark = isMark
        }
    }

    /// What became of an item that was offered.
    public enum Admission: Hashable, Sendable {
        /// It will be written.
        case gathered
        /// It waits for room.
        case waits
        /// It is not written; a loss accounts for it. A mark needs no account: without it a later gap begins earlier.
        case dropped
    }

    /// What an entry is made of.
    public enum Part: Hashable, Sendable {
        /// An item.
        case item(Item)
        /// Events that are missing.
        case loss(SpoolLoss)

        var byteCount: Int {
            switch self {
            case .item(let item): item.byteCount
            case .loss: SpoolFrame.lossByteCount
            }
        }

        var isDeliverable: Bool {
            switch self {
            case .item(let item): !item.isMark
            case .loss: true
            }
        }
    }

    /// Entries that share a write and a sync.
    public struct Group: Hashable, Sendable {
        /// The first entry of the segment that they go to.
        public var segment: UInt64
        /// Whether the segment begins with them.
        public var isNew: Bool
        /// Where in the segment they begin: so many bytes of it are durable.
        public var offset: Int
        /// The first one's sequence.
        public var first: UInt64
        /// The entries, in order.
        public var parts: [Part]
        /// What they take.
        public var byteCount: Int
    }

    /// One thing to do, and to report before the next.
    public enum Work: Hashable, Sendable {
        /// Write the entries, and sync. → `wrote`, `writeFailed`.
        case write(Group)
        /// Write the cursor. → `cursorWritten`, `cursorFailed`.
        case writeCursor(SpoolCursor)
        /// Delete the segments that begin with these entries, in this order. → `deleted`.
        case delete([UInt64])
    }

    /// Why a write failed.
    public enum WriteFailure: Hashable, Sendable {
        /// The disk has no room. `isCut`: the segment is again as long as it was.
        case noSpace(isCut: Bool)
        /// Anything else. Nobody knows what of it is on the disk.
        case failed
    }

    /// Items that will not be written.
    public enum Refusal: Hashable, Sendable {
        /// None.
        case none
        /// These were dropped: there was no room.
        case dropped([UInt64])
        /// These could not be written, to two segments one after the other.
        case failed([UInt64])
    }

    struct Segment: Hashable {
        var first: UInt64
        var last: UInt64
        var byteCount: Int
        /// 0: it has none.
        var lastDeliverable: UInt64
        var openedAt: Instant
        var oldestMilliseconds: Int64?
    }

    /// A loss that has begun and not ended.
    struct OpenLoss: Hashable {
        var cause: SpoolLoss.Cause
        var fromMilliseconds: Int64?
        /// Everything that is missing was received before this.
        var untilMilliseconds = Int64.min
        var events: UInt64 = 0
        var bytes: UInt64 = 0
        /// Whether an entry that says so is, or will be, in the spool.
        var isAnnounced = false
    }

    /// What the driver does at the moment.
    enum Activity: Hashable {
        /// Nothing. → any other.
        case idle
        /// It writes entries. → `idle`.
        case writing(Group)
        /// It writes the cursor. → `idle`.
        case writingCursor(SpoolCursor)
        /// It deletes segments. → `idle`.
        case deleting([UInt64])
    }

    /// How large it may become.
    public let policy: SpoolPolicy
    var segments: Deque<Segment> = []
    /// Bytes of all segments together.
    var storedBytes = 0
    /// Whether the last segment may be written to.
    var isOpen = false
    var activity: Activity = .idle
    var gathering: Deque<Part> = []
    var gatheringBytes = 0
    var waiting: Deque<Item> = []
    var loss: OpenLoss?
    /// The newest mark that was admitted.
    var admittedMark: Int64?
    /// No write before this: the last one failed.
    var pausedUntil: Instant?
    var failuresInARow = 0
    /// Nothing is deleted before this: the last time it failed.
    var deletionPausedUntil: Instant?
    var wantedCursor: UInt64?
    /// The newest mark that is durable; nil: there is none.
    public internal(set) var coveredUntilMilliseconds: Int64?
    var marks = CommittedMarks()
    /// The last entry that is committed, with everything before it; 0: none.
    public internal(set) var committed: UInt64
    /// The entry that comes next: everything before it is durable.
    public internal(set) var nextSequence: UInt64
    var lastDeliverable: UInt64

    /// A plan that goes on where its predecessor stopped.
    public init(_ policy: SpoolPolicy, recovered: SpoolRecovery, now: Instant) {
        self.policy = policy
        self.committed = recovered.committed
        self.nextSequence = recovered.nextSequence
        self.coveredUntilMilliseconds = recovered.coveredUntilMilliseconds
        self.admittedMark = recovered.coveredUntilMilliseconds
        self.lastDeliverable = recovered.nextSequence - 1
        // One without an entry has the name of the next new one, which takes its place: it must not be deleted as something old.
        for segment in recovered.segments where segment.first != recovered.nextSequence {
            self.storedBytes += segment.byteCount
            self.segments.append(
                Segment(
                    first: segment.first,
                    last: segment.last,
                    byteCount: segment.byteCount,
                    lastDeliverable: segment.last,
                    openedAt: now
                )
            )
        }
    }

    /// Bytes of all segments, and of what is to be written.
    public var byteCount: Int {
        let writing: Int
        switch self.activity {
        case .writing(let group): writing = group.byteCount + (group.isNew ? SpoolSegmentHeader.byteCount : 0)
        case .idle, .writingCursor, .deleting: writing = 0
        }
        return self.storedBytes + self.gatheringBytes + writing
    }

    /// Everything that was sent up to here is committed, or accounted for by a loss that is; nil: nothing is known to be.
    public var committedMarkMilliseconds: Int64? { self.marks.newestMilliseconds }

    /// Entries from the first that is not committed to the last that is to be delivered, marks among them.
    public var uncommittedEntries: UInt64 {
        self.lastDeliverable > self.committed ? self.lastDeliverable - self.committed : 0
    }

    /// When the oldest event was received of the oldest segment that has something uncommitted, as far as that is known.
    public var oldestMilliseconds: Int64? {
        guard self.lastDeliverable > self.committed else { return nil }
        return self.segments.first { $0.last > self.committed }?.oldestMilliseconds
    }

    /// Whether events are being dropped.
    public var isDropping: Bool { self.loss != nil }

    /// Whether events wait for room.
    public var isBlocking: Bool { !self.waiting.isEmpty }

    /// When something is to be tried again; nil: when something happens.
    public var nextDeadline: Instant? {
        let write = self.gathering.isEmpty && self.waiting.isEmpty ? nil : self.pausedUntil
        return [write, self.deletionPausedUntil].compactMap { $0 }.min()
    }

    /// A segment that was found has been read: its oldest event was received then.
    public mutating func found(oldestMilliseconds milliseconds: Int64, in first: UInt64) {
        guard let index = self.segments.firstIndex(where: { $0.first == first }) else { return }
        self.segments[index].oldestMilliseconds = self.segments[index].oldestMilliseconds ?? milliseconds
    }

    /// A stretch of entries that are in one segment.
    public struct Stretch: Hashable, Sendable {
        /// The segment's first entry.
        public var first: UInt64
        /// The entry behind its last one that is durable.
        public var end: UInt64
        /// Its size, as far as it is durable.
        public var byteCount: Int
    }

    /// The segment that has the entry `sequence`, or the first one behind it; nil where there is none.
    public func stretch(at sequence: UInt64) -> Stretch? {
        guard let index = self.segments.firstIndex(where: { $0.last >= sequence }) else { return nil }
        let segment = self.segments[index]
        return Stretch(first: segment.first, end: segment.last + 1, byteCount: segment.byteCount)
    }
}
