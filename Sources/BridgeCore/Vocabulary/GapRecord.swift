/// A stretch of a stream that was not delivered, or may not have been: one record of the tenant's gap topic (`no-silent-loss`).
public struct GapRecord: Hashable, Sendable {
    /// Why there is a gap.
    public enum Cause: String, Hashable, Sendable, CaseIterable {
        /// A socket was lost, and the source does not replay.
        case disconnect
        /// Two sockets overlapped for too short.
        case rollover
        /// Another consumer took the place of ours.
        case eviction
        /// The process was not running.
        case restart
        /// There was no committed position: the stream began at the server's present (S2.2).
        case missingCheckpoint = "missing-checkpoint"
        /// The server no longer had the position (S4.10).
        case positionLost = "position-lost"
        /// A message could not be read, twice (S2.7). Its bytes are in the dead letters.
        case poison
        /// A local buffer was full.
        case spoolFull = "spool-full"
        /// A subscription ended.
        case unsubscribed
    }

    /// Whether events are missing.
    public enum Certainty: String, Hashable, Sendable, CaseIterable {
        /// Nobody knows.
        case possible
        /// They are.
        case certain
    }

    /// What became of it.
    public enum Resolution: String, Hashable, Sendable, CaseIterable {
        /// Nothing yet.
        case open
        /// The source sent it again.
        case replayed
        /// It was fetched in another way.
        case backfilled
        /// Nothing can bring it back.
        case unrecoverable
    }

    /// The stream.
    public var stream: StreamID
    /// What the stream is subscribed to, in words.
    public var subscriptions: [String]
    /// The last position before the gap; nil: unknown.
    public var from: Position?
    /// The first position behind it; nil: unknown.
    public var to: Position?
    /// Why there is a gap.
    public var cause: Cause
    /// Whether events are missing.
    public var certainty: Certainty
    /// What became of it.
    public var resolution: Resolution
    /// When it was noticed, in milliseconds since 1970-01-01T00:00:00Z.
    public var noticedAtMilliseconds: Int64

    /// A gap of the given parts.
    public init(
        stream: StreamID,
        subscriptions: [String],
        from: Position?,
        to: Position?,
        cause: Cause,
        certainty: Certainty,
        resolution: Resolution,
        noticedAtMilliseconds: Int64
    ) {
        self.stream = stream
        self.subscriptions = subscriptions
        self.from = from
        self.to = to
        self.cause = cause
        self.certainty = certainty
        self.resolution = resolution
        self.noticedAtMilliseconds = noticedAtMilliseconds
    }
}
