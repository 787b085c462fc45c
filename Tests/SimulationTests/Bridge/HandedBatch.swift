import BridgeCore

/// A batch in the queue, and what the world knows of it besides.
struct HandedBatch {
    var batch: NotificationBatch
    var gap: RecordedGap?
    /// The events of a message that could not be read.
    var deadLettered: [Int] = []
}
