/// Keeps foreign text on one line of a terminal or a log.
enum ControlCharacters {
    /// `text` with control characters, line separators and direction overrides replaced by `\u{…}`.
    static func escape(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: Self.isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if Self.isUnsafe(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a terminal or a line-based reader could take `scalar` for more than a character.
    static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x2028...0x202e, 0x2066...0x2069: true
        default: false
        }
    }
}
