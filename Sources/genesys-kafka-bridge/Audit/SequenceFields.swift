/// Finds the sequence numbers that the simulator puts into the body of each event.
enum SequenceFields {
    private static let sequenceName = Array("\"sequence\":".utf8)
    private static let keySequenceName = Array("\"keySequence\":".utf8)

    /// The two numbers in an event's bytes; nil where one is missing.
    static func find(in value: [UInt8]) -> (sequence: Int, keySequence: Int)? {
        guard let sequence = self.number(behind: self.sequenceName, in: value),
            let keySequence = self.number(behind: self.keySequenceName, in: value)
        else { return nil }
        return (sequence, keySequence)
    }

    private static func number(behind name: [UInt8], in value: [UInt8]) -> Int? {
        guard value.count > name.count else { return nil }
        let span = value.span
        var start = 0
        while start + name.count < span.count {
            var matched = 0
            while matched < name.count, span[start + matched] == name[matched] { matched += 1 }
            if matched == name.count { return self.digits(in: span, from: start + matched) }
            start += 1
        }
        return nil
    }

    private static func digits(in span: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < span.count, span[index] == UInt8(ascii: " ") { index += 1 }
        var number = 0
        let first = index
        while index < span.count, index - first < 15, case let digit = span[index], (48...57).contains(digit) {
            number = number * 10 + Int(digit - 48)
            index += 1
        }
        return index > first ? number : nil
    }
}
