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

extension NotificationBatch {
    /// A batch that carries the record of a gap, and no events.
    public init(_ gap: GapRecord) {
        let from = gap.from?.value ?? "-"
        let parts = TextParts([
            gap.json, "\(gap.stream)", "\(gap.stream) \(gap.cause.rawValue) \(from)", gap.cause.rawValue,
        ])
        self.init(bytes: MessageBytes(parts.bytes), events: [], position: nil, batchID: nil, endsMessage: true)
        self.notice = StreamNotice(
            kind: .gap(gap.cause),
            key: parts.ranges[1],
            value: parts.ranges[0],
            id: parts.ranges[2],
            detail: parts.ranges[3]
        )
    }

    /// A batch that carries the bytes of a message that could not be read, and no events.
    public init(_ message: UnreadableMessage, of stream: StreamID) {
        let parts = TextParts(["\(stream)", message.sha256, message.reason, "\(message.byteCount)"])
        let size = message.bytes.count
        let bytes = message.bytes.copy(appending: parts.bytes)
        self.init(bytes: bytes, events: [], position: nil, batchID: nil, endsMessage: true)
        let ranges = parts.ranges.map { ByteRange(offset: $0.offset + UInt32(size), length: $0.length) }
        self.notice = StreamNotice(
            kind: .unreadableMessage,
            key: ranges[0],
            value: ByteRange(offset: 0, length: UInt32(size)),
            id: ranges[1],
            detail: ranges[2],
            fullSize: ranges[3]
        )
    }
}
