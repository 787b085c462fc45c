/// A stretch of time in which events of some topics may have been missed (C1), on the machine's clock.
public struct ChannelGap: Hashable, Sendable {
    /// The last moment up to which everything was certainly received; nil: nobody knows.
    public var from: Instant?
    /// The first moment from which everything is certainly observed again; nil: it lasts.
    public var to: Instant?
    /// Why.
    public var cause: GapRecord.Cause
    /// Whether events are missing.
    public var certainty: GapRecord.Certainty
    /// The topics, sorted.
    public var topics: [String]

    /// A gap of the given parts.
    public init(
        from: Instant?,
        to: Instant?,
        cause: GapRecord.Cause,
        certainty: GapRecord.Certainty = .possible,
        topics: [String]
    ) {
        self.from = from
        self.to = to
        self.cause = cause
        self.certainty = certainty
        self.topics = topics
    }

    /// The gap's record. Its positions are times, RFC 3339 in UTC: this source has no other.
    ///
    /// - Parameter wallMilliseconds: the wall clock's time at an instant, in milliseconds since 1970.
    public func record(
        of stream: StreamID,
        noticedAtMilliseconds: Int64,
        wallMilliseconds: (Instant) -> Int64
    ) -> GapRecord {
        func position(_ instant: Instant?) -> Position? {
            instant.map { Position(kind: .timestamp, value: TimestampText.text(ofMilliseconds: wallMilliseconds($0))) }
        }
        return GapRecord(
            stream: stream,
            subscriptions: self.topics,
            from: position(self.from),
            to: position(self.to),
            cause: self.cause,
            certainty: self.certainty,
            resolution: self.to == nil ? .open : .unrecoverable,
            noticedAtMilliseconds: noticedAtMilliseconds
        )
    }
}
