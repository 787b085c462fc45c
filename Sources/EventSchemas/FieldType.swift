/// The type of a field, as the SDK writes it.
public indirect enum FieldType: Hashable, Sendable {
    /// Text.
    case string
    /// ISO 8601.
    case dateTime
    /// A whole number.
    case integer
    /// A number.
    case number
    /// True or false.
    case boolean
    /// Anything.
    case any
    /// A list of these.
    case list(FieldType)
    /// An object with these values under names of any kind.
    case map(FieldType)
    /// An object of this class.
    case named(String)

    /// - Returns: nil where the text is none of `SchemaDocument.Field.type`'s.
    init?(_ text: some StringProtocol) {
        switch text {
        case "str": self = .string
        case "datetime": self = .dateTime
        case "int": self = .integer
        case "float": self = .number
        case "bool": self = .boolean
        case "object": self = .any
        default:
            if let inner = Self.inner(of: text, "list[", "]") {
                self = .list(inner)
            } else if let inner = Self.inner(of: text, "dict(str, ", ")") {
                self = .map(inner)
            } else if text.first?.isUppercase == true, text.allSatisfy({ $0.isLetter || $0.isNumber }) {
                self = .named(String(text))
            } else {
                return nil
            }
        }
    }

    private static func inner(of text: some StringProtocol, _ prefix: String, _ suffix: String) -> FieldType? {
        guard text.hasPrefix(prefix), text.hasSuffix(suffix) else { return nil }
        return FieldType(text.dropFirst(prefix.count).dropLast(suffix.count))
    }

    /// The class that it leads to, if any.
    var className: String? {
        switch self {
        case .named(let name): name
        case .list(let inner), .map(let inner): inner.className
        default: nil
        }
    }
}
