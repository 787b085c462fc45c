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
