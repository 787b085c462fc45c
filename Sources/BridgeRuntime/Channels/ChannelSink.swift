public import BridgeCore

/// Where a channel session's batches go: events, dead letters and gap records, in order.
public protocol ChannelSink: Sendable {
    /// Takes these batches behind all before them, and returns when it has them for good. False: it takes nothing more.
    func keep(_ batches: [NotificationBatch]) async -> Bool

    /// Everything that was sent before this moment has been kept, or is in a gap record that has; in milliseconds since 1970.
    func covered(untilMilliseconds milliseconds: Int64) async
}
