import GenesysSimulator

extension NumberedNotification {
    private static let topicName = Array("\"topicName\":\"".utf8)
    private static let mark = Array("\"seq-".utf8)
    private static let quote = UInt8(ascii: "\"")
    /// The mark, the number's digits and the quotes.
    private static let markedByteCount = 32
    /// The simulator counts no further.
    private static let numberMax = 1 << 36

    /// Nil where `message` is no whole event, or has no number: one of a real organization has none.
    init?(_ message: [UInt8]) {
        // The simulator hides some numbers in a date instead; a real organization has such dates, too, so they count for nothing here.
        guard let start = ByteSearch.end(of: Self.topicName, in: message.span, from: 0),
            let end = message[start...].firstIndex(of: Self.quote),
            let marked = ByteSearch.end(of: Self.mark, in: message.span, from: end),
            let number = ChannelEventSequence.read(
                message[(marked - Self.mark.count)...].prefix(Self.markedByteCount)
            ), number < Self.numberMax
        else { return nil }
        self.topic = String(decoding: message[start..<end], as: UTF8.self)
        self.number = number
    }
}
