/// The fields of every event body of the public notification service, and their types.
///
/// The notation: a class is a line, its number is counted from 0, and a line that begins with a space goes on with the
/// one before. A field is `name:type`. A type is `s` text, `i` a whole number, `f` a number, `b` a truth value, `t` a
/// time, `o` anything, `eN` one of the values of line N, `cN` an object of class N, `[` a list of the type behind it,
/// `{` a map of names to it. Classes without fields are `-`.
struct SchemaTable: Sendable {
    /// What a field holds.
    indirect enum FieldType: Sendable, Equatable {
        case text
        case whole
        case number
        case truth
        /// ISO 8601 in UTC.
        case time
        case anything
        /// One of the values of this number.
        case values(Int)
        /// An object of the class of this number.
        case object(Int)
        case list(FieldType)
        case map(FieldType)
    }

    /// One field of a class.
    struct Field: Sendable, Equatable {
        let name: String
        let type: FieldType
    }

    static let shared = SchemaTable(
        classes: [Self.classesFirst, Self.classesSecond, Self.classesThird],
        values: [Self.valuesFirst]
    )

    /// By number.
    let classes: [[Field]]
    /// By number.
    let values: [[String]]

    private init(classes: [String], values: [String]) {
        self.classes = classes.flatMap(Self.lines).map { line in
            line.split(separator: " ").compactMap(Self.field)
        }
        self.values = values.flatMap(Self.lines).map { line in
            line.split(separator: "|").map { String($0.drop { $0 == " " }) }
        }
    }

    /// The lines with those that go on joined to those that they go on with.
    private static func lines(_ text: String) -> [String] {
        var result: [String] = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix(" "), let last = result.indices.last {
                result[last] += line.contains("|") || result[last].contains("|") ? "|" + line.dropFirst() : line
            } else {
                result.append(String(line))
            }
        }
        return result
    }

    private static func field(_ text: Substring) -> Field? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        return Field(name: String(text[..<colon]), type: Self.type(text[text.index(after: colon)...]))
    }

    private static func type(_ text: Substring) -> FieldType {
        let rest = text.dropFirst()
        switch text.first {
        case "s": return .text
        case "i": return .whole
        case "f": return .number
        case "b": return .truth
        case "t": return .time
        case "e": return Int(rest).map(FieldType.values) ?? .text
        case "c": return Int(rest).map(FieldType.object) ?? .anything
        case "[": return .list(Self.type(rest))
        case "{": return .map(Self.type(rest))
        case _: return .anything
        }
    }
}
