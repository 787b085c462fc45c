/// One event of a batch: ranges into the batch's bytes, no memory of its own.
public struct NotificationEvent: Hashable, Sendable {
    /// The whole JSON object, exactly as received (S2.4).
    public var value: ByteRange
    /// `eventId`, decoded; where the event has none, an id derived from the batch (`idIsDerived`).
    public var id: ByteRange
    /// Whether `id` was derived because the event had none. Such an event is never taken for a duplicate (S4.9).
    public var idIsDerived: Bool
    /// `event`, decoded: the event name, and the family of its Kafka topic.
    public var name: ByteRange?
    /// `resourceId`, decoded: the entity whose order matters.
    public var resourceID: ByteRange?
    /// `timestamp`, decoded, if it is an RFC 3339 date-time.
    public var time: ByteRange?
    /// `timestamp` as milliseconds since 1970-01-01T00:00:00Z; nil where there is none that parses.
    public var timeMilliseconds: Int64?

    /// An event of the given parts.
    public init(
        value: ByteRange,
        id: ByteRange,
        idIsDerived: Bool,
        name: ByteRange?,
        resourceID: ByteRange?,
        time: ByteRange?,
        timeMilliseconds: Int64?
    ) {
        self.value = value
        self.id = id
        self.idIsDerived = idIsDerived
        self.name = name
        self.resourceID = resourceID
        self.time = time
        self.timeMilliseconds = timeMilliseconds
    }
}
