/// Events that the spool does not have although they were received: what becomes a gap record. It lies in the spool as an entry of its own,
/// in order with the events (`no-silent-loss`).
public struct SpoolLoss: Hashable, Sendable {
    /// Why.
    public enum Cause: UInt8, Hashable, Sendable, CaseIterable {
        /// There was no room, on the disk or within the bound.
        case full = 1
        /// The disk failed.
        case diskFailed = 2
        /// What was in the spool cannot be read any more.
        case damaged = 3
    }

    /// Why.
    public var cause: Cause
    /// The last moment of which a mark says that everything sent until then is in the spool, in milliseconds since 1970-01-01T00:00:00Z;
    /// nil: unknown.
    public var fromMilliseconds: Int64?
    /// From when on events are in the spool again; nil: not yet, and another loss with the same beginning will say when.
    public var toMilliseconds: Int64?
    /// How many events are missing; where entries cannot be read, how many entries.
    public var events: UInt64
    /// How many bytes they took; 0 where nobody knows.
    public var bytes: UInt64

    /// A loss of the given parts.
    public init(cause: Cause, fromMilliseconds: Int64?, toMilliseconds: Int64?, events: UInt64, bytes: UInt64) {
        self.cause = cause
        self.fromMilliseconds = fromMilliseconds
        self.toMilliseconds = toMilliseconds
        self.events = events
        self.bytes = bytes
    }
}
