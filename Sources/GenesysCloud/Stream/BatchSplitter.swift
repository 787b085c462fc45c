public import BridgeCore

/// Splits one WebSocket message into batches of events (S2.1–S2.5), in one validating pass over its bytes.
///
/// *Receives* a message's bytes from the stream connection. *Hands to* the session: the batches, in order. *Holds at
/// most* one message's scan while it works, nothing in between.
public struct BatchSplitter: Sendable {
    /// A resume point above this many bytes is refused: with a token and subscriptions beside it, it would not fit into a
    /// URL of 8,000 bytes (S3.5), and a position that cannot be sent back is no position.
    public static let positionByteLimit = 4096
    /// A `batchId` is kept for people; what is above this many bytes is cut off.
    public static let batchIDByteLimit = 256

    /// Events in one batch, at most (S2.5).
    public let maxEventsPerBatch: Int
    /// Bytes in one batch's buffer, at most; an event larger than this is a batch of its own (S2.5).
    public let maxBatchBytes: Int

    /// What is hidden before anything else holds it.
    private let redaction: Redaction?
    /// How many events the last message had: room for as many is made at once.
    private var lastEventCount = 0

    /// A splitter with the given limits; each is at least 1.
    public init(maxEventsPerBatch: Int, maxBatchBytes: Int, redaction: Redaction? = nil) {
        self.redaction = redaction
        self.maxEventsPerBatch = max(maxEventsPerBatch, 1)
        self.maxBatchBytes = max(maxBatchBytes, 1)
    }

    /// The batches of `message`: at least one, and without events where the message has none (S2.3).
    ///
    /// With a redaction they are those of the redacted message, as if it had come so: fields, ids that are derived and sizes are all from it.
    public mutating func split(_ message: Span<UInt8>) throws(MessageDefect) -> [NotificationBatch] {
        let scan = try MessageScan(message, eventCountHint: self.lastEventCount)
        self.lastEventCount = scan.events.count
        guard let redacted = try self.redaction?.redacting(message, scan) else {
            return try self.batches(of: message, scan)
        }
        return try self.batches(of: redacted.span, MessageScan(redacted.span, eventCountHint: scan.events.count))
    }

    private func batches(
        of message: Span<UInt8>,
        _ scan: consuming MessageScan
    ) throws(MessageDefect) -> [NotificationBatch] {
        var scan = scan
        let position = try Self.position(of: scan)
        let batchID = scan.batchID.map { Self.prefix(of: $0, maxBytes: Self.batchIDByteLimit) }
        guard !scan.events.isEmpty else {
            return [
                NotificationBatch(
                    bytes: MessageBytes(copying: message.extracting(0..<0)),
                    events: [],
                    position: position,
                    batchID: batchID,
                    endsMessage: true
                )
            ]
        }
        let derivedIDs = DerivedIDs(batchID: scan.batchID, position: position)
        var batches: [NotificationBatch] = []
        var cut = BatchCut(start: 0)
        repeat {
            cut = self.nextCut(behind: cut, scan: scan, messageCount: message.count, derivedIDs: derivedIDs)
            let isLast = cut.end == scan.events.count
            let events = isLast && cut.start == 0 ? scan.takeEvents() : Array(scan.events[cut.start..<cut.end])
            let piece = BatchPiece(events, cut: cut, message: message, tail: scan.tail, derivedIDs: derivedIDs)
            batches.append(
                NotificationBatch(
                    bytes: piece.bytes,
                    events: piece.events,
                    position: isLast ? position : nil,
                    batchID: batchID,
                    endsMessage: isLast
                )
            )
            if isLast { return batches }
        } while true
    }

    /// The run of events behind `last` that makes up one batch: at least one event, and no more than the limits allow.
    private func nextCut(
        behind last: BatchCut,
        scan: MessageScan,
        messageCount: Int,
        derivedIDs: DerivedIDs
    ) -> BatchCut {
        var cut = BatchCut(start: last.end, tailStart: last.tailEnd)
        let start = scan.events[cut.start].value.start
        var derivedByteCount = 0
        while cut.end < scan.events.count, cut.end - cut.start < self.maxEventsPerBatch {
            let event = scan.events[cut.end]
            let tailEnd = scan.tail.isEmpty ? 0 : max(cut.tailEnd, event.tailEnd(behind: messageCount))
            if event.idIsDerived { derivedByteCount += derivedIDs.maxByteCount }
            let byteCount = event.value.end - start + tailEnd - cut.tailStart + derivedByteCount
            guard byteCount <= self.maxBatchBytes || cut.end == cut.start else { break }
            cut.end += 1
            cut.tailEnd = tailEnd
        }
        return cut
    }

    /// S2.2: `lastEventId`, else `timestamp`, else none.
    private static func position(of scan: MessageScan) throws(MessageDefect) -> Position? {
        let kind: Position.Kind = scan.lastEventID == nil ? .timestamp : .lastEventId
        guard let (text, offset) = scan.lastEventID ?? scan.timestamp else { return nil }
        guard text.utf8.count <= Self.positionByteLimit else { throw MessageDefect(.positionTooLong, at: offset) }
        return Position(kind: kind, value: text)
    }

    private static func prefix(of text: String, maxBytes: Int) -> String {
        guard text.utf8.count > maxBytes else { return text }
        return String(decoding: text.utf8.prefix(maxBytes), as: UTF8.self)
    }
}
