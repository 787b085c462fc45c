/// The number of an event of the public notification service among those of its topic, counted from 0: what an audit
/// goes by.
///
/// The service numbers nothing, so the simulator hides the number where a body has text of its own: as a string of the
/// mark `seq-` and twelve digits. It is in `message` of a presence, in `errorInfo.correlationId` of a routing status,
/// in `attributes` of the first participant of a conversation, in the first `qualifier` of queue observations, and
/// elsewhere in the text field that tells least. Two bodies have one time only, `dataAvailabilityDate`, whose
/// milliseconds since the log's begin are the number; two others have a `status` only, and get a field `correlationId`
/// besides.
public enum ChannelEventSequence {
    static let mark = "seq-"
    static let dateField = "dataAvailabilityDate"
    static let extraField = "correlationId"
    private static let digitCount = 12

    /// The number in a message, or in the body of one; nil where there is none.
    ///
    /// - Parameter logStartMilliseconds: that of the ``SimulatorConfiguration``.
    public static func read(
        _ message: some Collection<UInt8>,
        logStartMilliseconds: Int = 1_795_428_000_000
    ) -> Int? {
        let bytes = Array(message)
        if let start = Self.end(of: Array("\"\(Self.mark)".utf8), in: bytes) {
            return Self.number(bytes[start...])
        }
        guard let start = Self.end(of: Array("\"\(Self.dateField)\":\"".utf8), in: bytes) else { return nil }
        let text = String(decoding: bytes[start...].prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        return LogicalTime(startMilliseconds: logStartMilliseconds).sequence(from: text)
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count > Self.digitCount,
            bytes[bytes.startIndex + Self.digitCount] == UInt8(ascii: "\"")
        else { return nil }
        return Int(String(decoding: bytes.prefix(Self.digitCount), as: UTF8.self))
    }

    /// The index behind the first place where `word` is.
    private static func end(of word: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= word.count else { return nil }
        for start in 0...(bytes.count - word.count)
        where bytes[start] == word[0] && bytes[start + 1] == word[1] && bytes[start...].starts(with: word) {
            return start + word.count
        }
        return nil
    }
}
