/// What must reach Kafka besides events, as ranges of the bytes of the batch that carries it. A notice travels like a batch: through the same
/// queue, in order, with an entry in the ledger, so that no later position is committed before it is acknowledged (`no-silent-loss`).
public struct StreamNotice: Hashable, Sendable {
    /// What it is, which decides its topic and its headers.
    public enum Kind: Hashable, Sendable {
        /// A gap, for the gap topic.
        case gap(GapRecord.Cause)
        /// A message that could not be read, for the dead letters.
        case unreadableMessage
    }

    /// What it is.
    public var kind: Kind
    /// The record's key.
    public var key: ByteRange
    /// The record's value.
    public var value: ByteRange
    /// The record's id: the same for the same notice, so that a repeated one can be told.
    public var id: ByteRange
    /// Why, in words.
    public var detail: ByteRange
    /// How many bytes the value had before it was cut, as text; nil where it is whole.
    public var fullSize: ByteRange?
}
