/// How large a spool may become, and what happens then.
public struct SpoolPolicy: Hashable, Sendable {
    /// What becomes of events for which there is no room.
    public enum WhenFull: String, Hashable, Sendable, CaseIterable {
        /// They are dropped, and a gap record accounts for them.
        case dropNewest
        /// Their reader waits. The server closes a socket that is not read for long, and that gives a gap record.
        case block
    }

    /// What becomes of confirmed entries that cannot be read any more.
    public enum OnDamage: String, Hashable, Sendable, CaseIterable {
        /// They are left out, and a gap record accounts for them. A spool that stands still loses more: its source cannot replay.
        case skip
        /// Reading ends with an error, and a person decides.
        case fail
    }

    /// Bytes that all segments together may take, on the disk or in memory. At least four segments.
    public var bytesMax: Int
    /// Bytes of one segment, where one entry does not take more.
    public var segmentBytes: Int
    /// Bytes that are written with one sync, where one entry does not take more.
    public var groupBytes: Int
    /// A segment is closed after so long, so that what is committed is soon deleted.
    public var segmentAge: Duration
    /// What becomes of events for which there is no room.
    public var whenFull: WhenFull
    /// What becomes of entries that cannot be read any more.
    public var onDamage: OnDamage
    /// Bytes that are kept in memory for the reader.
    public var readAheadBytes: Int
    /// After a write that failed: no other for so long.
    public var retryDelay: Duration

    /// A policy.
    public init(
        bytesMax: Int = 1 << 30,
        segmentBytes: Int = 16 << 20,
        groupBytes: Int = 4 << 20,
        segmentAge: Duration = .seconds(600),
        whenFull: WhenFull = .dropNewest,
        onDamage: OnDamage = .skip,
        readAheadBytes: Int = 8 << 20,
        retryDelay: Duration = .seconds(1)
    ) {
        self.bytesMax = bytesMax
        self.segmentBytes = segmentBytes
        self.groupBytes = groupBytes
        self.segmentAge = segmentAge
        self.whenFull = whenFull
        self.onDamage = onDamage
        self.readAheadBytes = readAheadBytes
        self.retryDelay = retryDelay
    }

    /// What is wrong with it, in words; nil: nothing.
    public var defect: String? {
        // A place within a segment is stored in 32 bits.
        guard (4096...(1 << 30)).contains(self.segmentBytes) else { return "a segment has between 4 KiB and 1 GiB" }
        guard self.bytesMax / 4 >= self.segmentBytes else { return "a spool has room for at least four segments" }
        guard self.groupBytes > 0, self.readAheadBytes > 0 else { return "a group and the read-ahead are not empty" }
        guard self.retryDelay > .zero, self.segmentAge > .zero else { return "a delay and an age are not zero" }
        return nil
    }

    /// Bytes of the largest entry that a spool takes. A larger one is dropped, and accounted for, whatever the policy: it might wait for ever.
    public var entryBytesMax: Int { min(self.bytesMax / 4, 1 << 30) }
}
