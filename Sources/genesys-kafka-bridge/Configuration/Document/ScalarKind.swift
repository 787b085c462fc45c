/// What YAML takes a scalar for. An unquoted `no`, `12` or `~` is not a string, and a key that wants one says so.
enum ScalarKind: Hashable, Sendable {
    case string
    case integer
    case number
    case boolean
    case null

    /// The kind of `text`. Quoted text is always a string.
    init(_ text: String, isPlain: Bool) {
        guard isPlain else {
            self = .string
            return
        }
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "true", "True", "TRUE", "false", "False", "FALSE", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON",
            "off", "Off", "OFF":
            self = .boolean
        case _ where Self.isInteger(text): self = .integer
        case _ where Self.isNumber(text): self = .number
        default: self = .string
        }
    }

    /// With its article, for a message.
    var name: String {
        switch self {
        case .string: "a string"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "a boolean"
        case .null: "empty"
        }
    }

    private static func isInteger(_ text: String) -> Bool {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        if text.hasPrefix("0x") || text.hasPrefix("0o") { return text.dropFirst(2).allSatisfy(\.isHexDigit) }
        return !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Starts like a number and is one: `1.5`, `.5`, `1e5`. Other spellings (`.inf`) stay strings; no key takes them.
    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x2b...0x39).contains(first) else { return false }
        return Double(text) != nil
    }
}
