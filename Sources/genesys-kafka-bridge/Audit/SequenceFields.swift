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

    /// The sequence numbers of all events in the bytes of a message.
    static func all(in message: [UInt8]) -> [Int] {
        var sequences: [Int] = []
        var start = 0
        while let end = self.end(of: self.sequenceName, in: message.span, from: start) {
            if let sequence = self.digits(in: message.span, from: end) { sequences.append(sequence) }
            start = end
        }
        return sequences
    }

    private static func number(behind name: [UInt8], in value: [UInt8]) -> Int? {
        self.end(of: name, in: value.span, from: 0).flatMap { self.digits(in: value.span, from: $0) }
    }

    /// Where the next `name` ends.
    private static func end(of name: [UInt8], in span: Span<UInt8>, from first: Int) -> Int? {
        var start = first
        while start + name.count < span.count {
            var matched = 0
            while matched < name.count, span[start + matched] == name[matched] { matched += 1 }
            if matched == name.count { return start + matched }
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
