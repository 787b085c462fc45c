/// A checkpoint as JSON says it: the value of a checkpoint record in Kafka, and an entry of an export.
public struct CheckpointDocument: Codable, Hashable, Sendable {
    /// The only version that this build reads and writes.
    public static let currentVersion = 1

    /// The document's version.
    public var version = CheckpointDocument.currentVersion
    /// The resume point; absent only where `reset` says so.
    public var position: String?
    /// The field that the position came from.
    public var positionKind: String?
    /// The `batchId` of the message that carried the position.
    public var batchId: String?
    /// When it was committed, RFC 3339, UTC.
    public var committedAt: String
    /// Who committed it.
    public var instance: String
    /// Counts the owners of the tenant in a shared store: each one's is larger than the one's before. 0 where nobody counts.
    public var epoch: Int64
    /// The ids of the last events up to the position, the oldest first; absent where nobody keeps them.
    public var eventIds: [String]?
    /// A person has taken the position away: the stream starts as one that never committed.
    public var reset: Bool?

    /// The document of `checkpoint`; nil is a position that a person has taken away.
    public init(_ checkpoint: Checkpoint?, committedAt: String, instance: String, epoch: Int64) {
        self.position = checkpoint?.position.value
        self.positionKind = checkpoint?.position.kind.rawValue
        self.batchId = checkpoint?.batchID
        self.committedAt = committedAt
        self.instance = instance
        self.epoch = epoch
        self.eventIds = checkpoint.flatMap { $0.eventIDs.isEmpty ? nil : $0.eventIDs }
        self.reset = checkpoint == nil ? true : nil
    }

    /// Why a document holds no checkpoint that this build can use.
    public enum Defect: Error, Hashable, Sendable {
        /// A newer build wrote it.
        case version(Int)
        /// Another dialect's resume point.
        case dialect(String)
        /// It is no checkpoint at all.
        case unreadable
    }

    /// The checkpoint in the document; nil where a person has taken the position away.
    public func checkpoint() throws(Defect) -> Checkpoint? {
        guard self.version == Self.currentVersion else { throw .version(self.version) }
        if self.reset == true, self.position == nil { return nil }
        guard let position = self.position, let kindName = self.positionKind else { throw .unreadable }
        guard let kind = Position.Kind(rawValue: kindName) else { throw .dialect(kindName) }
        return Checkpoint(
            position: Position(kind: kind, value: position),
            batchID: self.batchId,
            eventIDs: self.eventIds ?? []
        )
    }
}
