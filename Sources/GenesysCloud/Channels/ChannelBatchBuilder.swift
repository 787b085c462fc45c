import BridgeCore

/// Puts event messages into one batch: each as it came, and behind it its id, its family and whatever else of it does not stand in it.
struct ChannelBatchBuilder {
    /// A buffer above this many bytes is not kept for the next batch.
    private static let keptBytesMax = 2 * 1024 * 1024

    private var bytes: [UInt8] = []
    private var events: [NotificationEvent] = []
    private var matches: [ChannelBatch.Match] = []
    /// Where the families stand that this batch has named already.
    private var families: [(index: Int, range: ByteRange)] = []
    private let redaction: Redaction?
    /// Writes the redacted forms of events, one after the other.
    private var redactor: JSONRedactor?

    /// A builder without events. What `redaction` hides never comes into a batch.
    init(redaction: Redaction? = nil) {
        self.redaction = redaction
        self.redactor = redaction.map { JSONRedactor($0.tree, $0.hash) }
    }

    /// How many events there are.
    var eventCount: Int { self.events.count }
    /// How many bytes the batch has.
    var byteCount: Int { self.bytes.count }

    /// Appends `text`, an event of which `message` is the scan, under its id (C3); redacted, where there are rules for it.
    mutating func append(
        _ text: Span<UInt8>,
        _ message: ChannelMessage,
        topic token: JSONStringToken,
        id eventID: EventID
    ) throws(MessageDefect) {
        guard let redaction = self.redaction, var redactor = self.redactor else {
            return try self.appendAsIs(text, message, topic: token, id: eventID)
        }
        // Taken out, so that there is one owner and no copy.
        self.redactor = nil
        defer {
            redactor.shrink(above: Self.keptBytesMax)
            self.redactor = redactor
        }
        guard try redaction.redact(text, topic: token, into: &redactor) else {
            return try self.appendAsIs(text, message, topic: token, id: eventID)
        }
        let redacted = redactor.output.span
        let scan = try ChannelMessage(redacted)
        guard case .event(let topic) = scan.kind else { throw MessageDefect(.notANotification, at: 0) }
        // Two events that differ only in what is hidden are two all the same: copies are told by what they were.
        let mark = redaction.mark(of: text.extracting(message.body))
        try self.appendAsIs(redacted, scan, topic: topic, id: eventID, mark: mark)
    }

    private mutating func appendAsIs(
        _ text: Span<UInt8>,
        _ message: ChannelMessage,
        topic token: JSONStringToken,
        id eventID: EventID,
        mark: [UInt8] = []
    ) throws(MessageDefect) {
        let base = self.bytes.count
        guard base + text.count <= Int(UInt32.max / 2) else { throw MessageDefect(.tooLarge, at: 0) }
        try JSONScanner.scanning(text) { (scanner) throws(MessageDefect) in
            scanner.append(0..<scanner.count, to: &self.bytes)
        }
        let topic = try self.content(of: token, in: text, base: base)
        let idStart = self.bytes.count
        eventID.append(to: &self.bytes)
        let id = idStart..<self.bytes.count
        let parsed = TopicParser.standard.parse(self.bytes.span.extracting(topic))
        let family = self.family(parsed, topic)
        let (time, milliseconds) = try self.time(of: message, in: text, base: base)
        self.events.append(
            NotificationEvent(
                value: ByteRange(base..<base + text.count),
                id: ByteRange(id),
                idIsDerived: true,
                name: family,
                resourceID: parsed.entity.map {
                    ByteRange(topic.lowerBound + $0.lowerBound..<topic.lowerBound + $0.upperBound)
                },
                time: time,
                timeMilliseconds: milliseconds
            )
        )
        var body = base + message.body.lowerBound..<base + message.body.upperBound
        if !mark.isEmpty {
            body = self.bytes.count..<self.bytes.count + mark.count
            self.bytes.append(contentsOf: mark)
        }
        self.matches.append(ChannelBatch.Match(topic: ByteRange(topic), body: ByteRange(body)))
    }

    /// The batch; the builder is empty then.
    mutating func build() -> ChannelBatch {
        let batch = NotificationBatch(
            bytes: MessageBytes(copying: self.bytes.span),
            events: self.events,
            position: nil,
            batchID: nil,
            endsMessage: true
        )
        let result = ChannelBatch(batch, matches: self.matches)
        self.bytes.removeAll(keepingCapacity: self.bytes.capacity <= Self.keptBytesMax)
        self.events.removeAll(keepingCapacity: true)
        self.matches.removeAll(keepingCapacity: true)
        self.families.removeAll(keepingCapacity: true)
        return result
    }

    private mutating func family(_ parsed: TopicParser.Parsed, _ topic: Range<Int>) -> ByteRange {
        if let index = parsed.family, let known = self.families.first(where: { $0.index == index }) {
            return known.range
        }
        let name = TopicParser.standard.family(parsed, self.bytes.span.extracting(topic))
        let start = self.bytes.count
        self.bytes.append(contentsOf: name)
        let range = ByteRange(start..<self.bytes.count)
        if let index = parsed.family { self.families.append((index, range)) }
        return range
    }

    /// Where the content of `token` stands, decoded: in the message, which begins at `base`, or behind everything where it has escapes.
    private mutating func content(
        of token: JSONStringToken,
        in text: Span<UInt8>,
        base: Int
    ) throws(MessageDefect) -> Range<Int> {
        guard token.hasEscapes else { return base + token.start..<base + token.end }
        let start = self.bytes.count
        try JSONScanner.scanning(text) { (scanner) throws(MessageDefect) in scanner.decode(token, into: &self.bytes) }
        return start..<self.bytes.count
    }

    /// The event's own time, as RFC 3339 text and in milliseconds; nil where it has none that can be read.
    private mutating func time(
        of message: ChannelMessage,
        in text: Span<UInt8>,
        base: Int
    ) throws(MessageDefect) -> (ByteRange?, Int64?) {
        switch message.time {
        case nil:
            return (nil, nil)
        case .text(let token):
            let end = self.bytes.count
            var range = try self.content(of: token, in: text, base: base)
            // Of an interval its beginning.
            if let slash = range.first(where: { self.bytes[$0] == UInt8(ascii: "/") }) {
                range = range.lowerBound..<slash
            }
            guard let milliseconds = DateTime.milliseconds(of: self.bytes.span.extracting(range)) else {
                // What was decoded in vain is not kept.
                self.bytes.removeSubrange(end...)
                return (nil, nil)
            }
            return (ByteRange(range), milliseconds)
        case .number(let digits):
            var milliseconds: Int64 = 0
            for index in digits {
                let digit = self.bytes[base + index] &- UInt8(ascii: "0")
                // 15 digits reach to the year 33658.
                guard digit <= 9, digits.count <= 15 else { return (nil, nil) }
                milliseconds = milliseconds * 10 + Int64(digit)
            }
            let start = self.bytes.count
            TimestampText.append(milliseconds: milliseconds, to: &self.bytes)
            return (ByteRange(start..<self.bytes.count), milliseconds)
        }
    }
}
