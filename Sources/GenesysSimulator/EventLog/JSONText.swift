/// JSON strings as this server writes them (RFC 8259 section 7).
enum JSONText {
    /// `text` as a JSON string with its quotation marks. Characters outside the basic plane become surrogate escapes and
    /// `/` becomes `\/`, so that a client which does not decode escapes is found out.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "/": result += "\\/"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += Self.escape(UInt16(scalar.value))
            case _ where scalar.value > 0xFFFF:
                for unit in String(scalar).utf16 { result += Self.escape(unit) }
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
