import BridgeCore

/// What one pass over a message finds: the batch's own fields and, for each event, where it and its fields stand.
///
/// Decided here: of a name that stands twice the last one counts; a field of the wrong type counts as absent, and so
/// does an empty string (CloudEvents 1.0 forbids an empty `ce_id` and `ce_subject`); an `eventId` that is a number is
/// an id too, its digits as received. What the grammar forbids is reported before what this dialect's shape forbids,
/// wherever both stand.
struct MessageScan {
    /// `batchId`, decoded.
    private(set) var batchID: String?
    /// `lastEventId`, decoded, and where it stands.
    private(set) var lastEventID: (text: String, offset: Int)?
    /// `timestamp`, decoded, and where it stands.
    private(set) var timestamp: (text: String, offset: Int)?
    /// The events. An id that is to be derived is an empty range; `time` is whatever the field holds, not yet parsed.
    private(set) var events: [NotificationEvent] = []
    /// Strings that decoding changed, event by event. A range behind the message's last byte points into this.
    private(set) var tail: [UInt8] = []
    /// What is wrong with the shape of the last `events`.
    private var eventsDefect: MessageDefect?

    /// Scans `message`; `eventCountHint` is how many events to make room for at first.
    init(_ message: Span<UInt8>, eventCountHint: Int) throws(MessageDefect) {
        // A tail is never longer than its message: half of what a `ByteRange` can name is enough for both.
        guard message.count <= Int(UInt32.max / 2) else { throw MessageDefect(.tooLarge, at: 0) }
        self.events.reserveCapacity(eventCountHint)
        try JSONScanner.scanning(message) { (scanner) throws(MessageDefect) in
            try scanner.message { (scanner, name) throws(MessageDefect) in try self.scanMember(name, &scanner) }
        }
        if let defect = self.eventsDefect { throw defect }
    }

    /// Hands the events over without a copy.
    mutating func takeEvents() -> [NotificationEvent] {
        let events = self.events
        self.events = []
        return events
    }

    @inline(__always)
    private mutating func scanMember(
        _ name: JSONStringToken,
        _ scanner: inout JSONScanner
    ) throws(MessageDefect) {
        switch scanner.fieldName(name) {
        case .events: try self.scanEvents(&scanner)
        case .batchID: self.batchID = try Self.scanText(&scanner)?.text
        case .lastEventID: self.lastEventID = try Self.scanText(&scanner)
        case .timestamp: self.timestamp = try Self.scanText(&scanner)
        default: try scanner.skipValue(depth: 1)
        }
    }

    private mutating func scanEvents(_ scanner: inout JSONScanner) throws(MessageDefect) {
        self.events.removeAll(keepingCapacity: true)
        self.tail.removeAll(keepingCapacity: true)
        self.eventsDefect = nil
        guard scanner.byte == UInt8(ascii: "[") else {
            if scanner.byte != UInt8(ascii: "n") {
                self.eventsDefect = MessageDefect(.eventsNotAnArray, at: scanner.index)
            }
            return try scanner.skipValue(depth: 1)
        }
        guard try scanner.openContainer(closedBy: UInt8(ascii: "]"), depth: 2) else { return }
        repeat {
            if scanner.byte == UInt8(ascii: "{") {
                try self.scanEvent(&scanner)
            } else {
                if self.eventsDefect == nil { self.eventsDefect = MessageDefect(.eventNotAnObject, at: scanner.index) }
                try scanner.skipValue(depth: 2)
            }
        } while try scanner.nextElement(closedBy: UInt8(ascii: "]"))
    }

    private mutating func scanEvent(_ scanner: inout JSONScanner) throws(MessageDefect) {
        let start = scanner.index
        var id: ByteRange?
        var name: ByteRange?
        var resourceID: ByteRange?
        var time: ByteRange?
        if try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: 3) {
            repeat {
                let field = try scanner.name()
                switch scanner.fieldName(field) {
                case .eventID: id = try self.scanID(&scanner)
                case .event: name = try self.scanString(&scanner)
                case .resourceID: resourceID = try self.scanString(&scanner)
                case .timestamp: time = try self.scanString(&scanner)
                default: try scanner.skipValue(depth: 3)
                }
            } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
        }
        self.events.append(
            NotificationEvent(
                value: ByteRange(start..<scanner.index),
                id: id ?? ByteRange(offset: 0, length: 0),
                idIsDerived: id == nil,
                name: name,
                resourceID: resourceID,
                time: time,
                timeMilliseconds: nil
            )
        )
    }

    private mutating func scanID(_ scanner: inout JSONScanner) throws(MessageDefect) -> ByteRange? {
        let start = scanner.index
        switch scanner.byte {
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try scanner.number()
            return ByteRange(start..<scanner.index)
        default:
            return try self.scanString(&scanner)
        }
    }

    /// The range of a string value's content, decoded; nil where the value is none, or an empty one.
    @inline(__always)
    private mutating func scanString(_ scanner: inout JSONScanner) throws(MessageDefect) -> ByteRange? {
        guard scanner.byte == UInt8(ascii: "\"") else {
            try scanner.skipValue(depth: 3)
            return nil
        }
        let token = try scanner.string()
        guard token.hasEscapes else { return token.count > 0 ? ByteRange(token.start..<token.end) : nil }
        let start = scanner.count + self.tail.count
        scanner.decode(token, into: &self.tail)
        return ByteRange(start..<scanner.count + self.tail.count)
    }

    /// A string value of the batch itself, and where it stands; nil where the value is none, or an empty one.
    private static func scanText(
        _ scanner: inout JSONScanner
    ) throws(MessageDefect) -> (text: String, offset: Int)? {
        guard scanner.byte == UInt8(ascii: "\"") else {
            try scanner.skipValue(depth: 1)
            return nil
        }
        let token = try scanner.string()
        return token.count > 0 ? (scanner.text(token), token.start) : nil
    }
}

extension ByteRange {
    /// A range of indices that are known to fit: a `MessageScan` refuses a message for which they would not.
    init(_ range: Range<Int>) {
        self.init(offset: UInt32(truncatingIfNeeded: range.lowerBound), length: UInt32(truncatingIfNeeded: range.count))
    }
}
