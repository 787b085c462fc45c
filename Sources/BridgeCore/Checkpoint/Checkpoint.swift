/// A committed position with what a person wants to know of it.
public struct Checkpoint: Hashable, Sendable {
    /// The resume point: every record up to it is acknowledged (`commit-after-ack`).
    public var position: Position
    /// The `batchId` of the message that carried the position.
    public var batchID: String?
    /// The ids of the last events up to the position, the oldest first: an inclusive resume repeats some of them (S4.9). Empty where
    /// nobody keeps them.
    public var eventIDs: [String]

    /// A checkpoint at `position`.
    public init(position: Position, batchID: String? = nil, eventIDs: [String] = []) {
        self.position = position
        self.batchID = batchID
        self.eventIDs = eventIDs
    }
}
