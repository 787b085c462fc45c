/// What the simulator writes into the body of each event, by which an audit knows it again.
struct NumberedEvent: Hashable {
    /// The key that it belongs to.
    var key: [UInt8]
    /// Its number among the events of its key.
    var keySequence: Int
    /// Its number in the tenant's log, by which positions count; nil where it is not written there.
    var sequence: Int?

    private static let keyName = Array("\"eventBody\":{\"id\":\"".utf8)
    private static let sequenceName = Array(",\"sequence\":".utf8)
    private static let keySequenceName = Array("\"keySequence\":".utf8)
    /// The simulator counts no further.
    private static let digitCountMax = 15

    /// The first event in `bytes`; nil where there is none.
    init?(_ bytes: [UInt8]) {
        guard let (event, _) = Self.next(in: bytes, from: 0) else { return nil }
        self = event
    }

    private init(key: [UInt8], keySequence: Int, sequence: Int?) {
        self.key = key
        self.keySequence = keySequence
        self.sequence = sequence
    }

    /// All whole events in the bytes of a message.
    static func all(in message: [UInt8]) -> [NumberedEvent] {
        var events: [NumberedEvent] = []
        var start = 0
        while let (event, end) = Self.next(in: message, from: start) {
            events.append(event)
            start = end
        }
        return events
    }

    private static func next(in bytes: [UInt8], from start: Int) -> (NumberedEvent, end: Int)? {
        guard let keyStart = ByteSearch.end(of: Self.keyName, in: bytes.span, from: start) else { return nil }
        var keyEnd = keyStart
        while keyEnd < bytes.count, bytes[keyEnd] != UInt8(ascii: "\"") { keyEnd += 1 }
        guard let numberStart = ByteSearch.end(of: Self.keySequenceName, in: bytes.span, from: keyEnd),
            let number = Self.digits(in: bytes.span, from: numberStart)
        else { return nil }
        // Right behind the key, or nowhere.
        var sequence: Int?
        let sequenceStart = keyEnd + 1 + Self.sequenceName.count
        if sequenceStart < bytes.count, bytes[(keyEnd + 1)..<sequenceStart].elementsEqual(Self.sequenceName) {
            sequence = Self.digits(in: bytes.span, from: sequenceStart)
        }
        let key = Array(bytes[keyStart..<keyEnd])
        return (NumberedEvent(key: key, keySequence: number, sequence: sequence), numberStart)
    }

    /// Nil as well when the number is cut off.
    private static func digits(in span: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        var number = 0
        while index < span.count, index - start < Self.digitCountMax, case let digit = span[index],
            (48...57).contains(digit)
        {
            number = number * 10 + Int(digit - 48)
            index += 1
        }
        return index > start && index < span.count ? number : nil
    }
}
