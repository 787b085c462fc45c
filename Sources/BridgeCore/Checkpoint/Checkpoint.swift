/// A committed position with what a person wants to know of it.
public struct Checkpoint: Hashable, Sendable {
    /// The resume point: every record up to it is acknowledged (`commit-after-ack`).
    public var position: Position
    /// The `batchId` of the message that carried the position.
    public var batchID: String?

    /// A checkpoint at `position`.
    public init(position: Position, batchID: String? = nil) {
        self.position = position
        self.batchID = batchID
    }
}
