/// A gap as a session sees it; with the stream's name and the time it becomes a `GapRecord`.
public struct StreamGap: Hashable, Sendable {
    /// Why there is a gap.
    public var cause: GapRecord.Cause
    /// The last position before the gap; nil: unknown.
    public var from: Position?
    /// The first position behind it; nil: unknown.
    public var to: Position?
    /// The subscriptions that miss something; nil: all of the stream's.
    public var topics: [SubscriptionTopic]?
    /// Whether events are missing.
    public var certainty: GapRecord.Certainty
    /// What became of it.
    public var resolution: GapRecord.Resolution

    /// Whether it is about subscriptions that nobody asks for any more: nothing will end it.
    var isOfDropped = false

    /// A gap of the given parts.
    public init(
        cause: GapRecord.Cause,
        from: Position?,
        to: Position? = nil,
        topics: [SubscriptionTopic]? = nil,
        certainty: GapRecord.Certainty,
        resolution: GapRecord.Resolution
    ) {
        self.cause = cause
        self.from = from
        self.to = to
        self.topics = topics
        self.certainty = certainty
        self.resolution = resolution
    }
}
