/// How a spool is.
public struct SpoolSnapshot: Hashable, Sendable {
    /// Gap records of one cause.
    public struct Gaps: Hashable, Sendable {
        /// How many.
        public var records: UInt64 = 0
        /// How long they are together, as far as both ends are known.
        public var seconds = 0.0
    }

    /// Bytes of its segments, and of what is to be written.
    public var bytes: Int
    /// How many bytes it may have.
    public var bytesMax: Int
    /// Entries that wait to be delivered, and marks between them.
    public var entries: UInt64
    /// When the oldest of them was received, about; milliseconds since 1970-01-01T00:00:00Z; nil: nothing waits, or it was not read yet.
    public var oldestMilliseconds: Int64?
    /// Whether events are being dropped.
    public var isDropping: Bool
    /// Whether sockets are held back.
    public var isBlocking: Bool
    /// Syncs so far.
    public var syncs: UInt64
    /// Entries that became durable so far.
    public var confirmed: UInt64
    /// Batches that were dropped so far.
    public var dropped: UInt64
    /// Confirmed entries that could not be read so far.
    public var unreadable: UInt64
    /// Gap records of what it lost, given to the reader so far, by cause.
    public var gaps: [String: Gaps]
    /// Times that the reader had to read the disk, because it was not in memory any more.
    public var diskReads: UInt64
    /// Everything that was sent up to here is committed, or accounted for by a gap that is; milliseconds since 1970; nil: nothing is known to be.
    public var committedMarkMilliseconds: Int64?
    /// Why the last write failed; nil: it did not.
    public var failure: String?
}
