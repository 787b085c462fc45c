/// The strings and numbers at the top of a small JSON object, such as a token endpoint's answer.
struct JSONFields {
    /// A member's value, as far as it is of interest.
    enum Value: Hashable {
        /// Decoded.
        case string(String)
        /// As it stands.
        case number(String)
        /// Anything else.
        case other
    }

    private var values: [String: Value] = [:]

    /// Nil where `bytes` are no JSON object.
    init?(_ bytes: Span<UInt8>) {
        do throws(MessageDefect) {
            self.values = try JSONScanner.scanning(bytes) { (scanner) throws(MessageDefect) in
                try Self.scan(&scanner)
            }
        } catch {
            return nil
        }
    }

    /// The string called `name`; nil where there is none, or an empty one.
    func text(_ name: String) -> String? {
        guard case .string(let text) = self.values[name], !text.isEmpty else { return nil }
        return text
    }

    /// The value called `name`; of several the last one.
    subscript(name: String) -> Value? { self.values[name] }

    private static func scan(_ scanner: inout JSONScanner) throws(MessageDefect) -> [String: Value] {
        var values: [String: Value] = [:]
        scanner.skipSpace()
        guard scanner.byte == UInt8(ascii: "{") else { throw scanner.defect(.notAnObject) }
        if try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: 1) {
            repeat {
                let name = try scanner.name()
                values[scanner.text(name)] = try Self.value(&scanner)
            } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
        }
        try scanner.end()
        return values
    }

    private static func value(_ scanner: inout JSONScanner) throws(MessageDefect) -> Value {
        switch scanner.byte {
        case UInt8(ascii: "\""):
            return .string(scanner.text(try scanner.string()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = scanner.index
            try scanner.number()
            return .number(String(decoding: (start..<scanner.index).map(scanner.byte(at:)), as: UTF8.self))
        default:
            try scanner.skipValue(depth: 1)
            return .other
        }
    }
}
