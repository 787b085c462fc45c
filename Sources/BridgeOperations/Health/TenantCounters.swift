/// What one tenant's streams have counted since the start.
public struct TenantCounters: Hashable, Sendable, Codable {
    /// Messages that were batches.
    public var messages: UInt64
    /// Messages that came in more than one frame.
    public var fragmentedMessages: UInt64
    /// Messages that were no batches, whether they came whole the second time or not.
    public var unreadableMessages: UInt64
    /// Messages that were no batches twice, and went to the dead letters.
    public var deadLetteredMessages: UInt64
    /// Messages that had events and no position.
    public var messagesWithoutPosition: UInt64
    /// Events received and taken in.
    public var events: UInt64
    /// Events that the server sent again, recognised by their ids and dropped.
    public var repeatedEvents: UInt64
    /// Events without an entity: delivered with a null key.
    public var eventsWithoutKey: UInt64
    /// Events that had nothing where their key should be: keyed by their entity.
    public var eventsWithFallbackKey: UInt64
    /// Events that went to the dead letters.
    public var deadLetteredEvents: UInt64
    /// Events whose batch Kafka acknowledged.
    public var acknowledgedEvents: UInt64

    /// Counters of the given values.
    public init(
        messages: UInt64 = 0,
        fragmentedMessages: UInt64 = 0,
        unreadableMessages: UInt64 = 0,
        deadLetteredMessages: UInt64 = 0,
        messagesWithoutPosition: UInt64 = 0,
        events: UInt64 = 0,
        repeatedEvents: UInt64 = 0,
        eventsWithoutKey: UInt64 = 0,
        eventsWithFallbackKey: UInt64 = 0,
        deadLetteredEvents: UInt64 = 0,
        acknowledgedEvents: UInt64 = 0
    ) {
        self.messages = messages
        self.fragmentedMessages = fragmentedMessages
        self.unreadableMessages = unreadableMessages
        self.deadLetteredMessages = deadLetteredMessages
        self.messagesWithoutPosition = messagesWithoutPosition
        self.events = events
        self.repeatedEvents = repeatedEvents
        self.eventsWithoutKey = eventsWithoutKey
        self.eventsWithFallbackKey = eventsWithFallbackKey
        self.deadLetteredEvents = deadLetteredEvents
        self.acknowledgedEvents = acknowledgedEvents
    }
}
