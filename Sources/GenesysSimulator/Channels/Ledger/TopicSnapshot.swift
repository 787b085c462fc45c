/// What the simulator knows to be true of one topic: the ``ChannelEventSequence`` of an event counts the events of its
/// topic.
public struct TopicSnapshot: Sendable, Equatable, Codable {
    /// Its name in events.
    public let topic: String
    /// One more than the highest number that exists.
    public let produced: Int
    /// Numbers that were written to one socket at least: pairs of the first and the one behind the last. A socket that
    /// died may have taken some with it.
    public let sent: [[Int]]
    /// Numbers that no socket could be given: the first, the one behind the last, and when the first and the last came
    /// to be, in milliseconds since 1970.
    public let lost: [[Int]]
    /// Ranges of `sent` and `lost` that are not in them, for there were more than ten thousand.
    public let rangesForgotten: Int
    /// Events written, counted on each socket.
    public let copiesSent: Int
}
