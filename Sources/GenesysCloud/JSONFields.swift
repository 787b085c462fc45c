/// The strings and numbers at the top of a small JSON object, such as a token endpoint's answer or an entity of a list.
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

    /// No members.
    init() {}

    /// Nil where `bytes` are no JSON object.
    init?(_ bytes: Span<UInt8>) {
        do throws(MessageDefect) {
            self = try JSONScanner.scanning(bytes) { (scanner) throws(MessageDefect) in
                scanner.skipSpace()
                guard scanner.byte == UInt8(ascii: "{") else { throw scanner.defect(.notAnObject) }
                let fields = try JSONFields(&scanner, depth: 1)
                try scanner.end()
                return fields
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
    subscript(name: String) -> Value? {
        get { self.values[name] }
        set { self.values[name] = newValue }
    }

    /// The whole number called `name`, from 0; nil where there is none.
    func count(_ name: String) -> Int? {
        guard case .number(let text) = self.values[name], let number = Int(text), number >= 0 else { return nil }
        return number
    }

    /// Reads the object that `scanner` stands before; `depth` counts it.
    init(_ scanner: inout JSONScanner, depth: Int) throws(MessageDefect) {
        if try scanner.openContainer(closedBy: UInt8(ascii: "}"), depth: depth) {
            repeat {
                let name = try scanner.name()
                self.values[scanner.text(name)] = try Self.value(&scanner, depth: depth)
            } while try scanner.nextElement(closedBy: UInt8(ascii: "}"))
        }
    }

    /// Reads the value that `scanner` stands before; `depth` containers are open around it.
    static func value(_ scanner: inout JSONScanner, depth: Int) throws(MessageDefect) -> Value {
        switch scanner.byte {
        case UInt8(ascii: "\""):
            return .string(scanner.text(try scanner.string()))
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let start = scanner.index
            try scanner.number()
            return .number(String(decoding: (start..<scanner.index).map(scanner.byte(at:)), as: UTF8.self))
        default:
            try scanner.skipValue(depth: depth)
            return .other
        }
    }
}
