extension GapRecord {
    /// The value of its Kafka record: one JSON object with `tenant`, `stream`, `subscriptions`, `from`, `to`, `cause`, `certainty`,
    /// `resolution` and `noticedAtMilliseconds`. A position is its text, or null where it is unknown.
    var json: String {
        let subscriptions = self.subscriptions.map(Self.quoted).joined(separator: ",")
        let fields = [
            ("tenant", Self.quoted(self.stream.tenant)),
            ("stream", Self.quoted(self.stream.stream)),
            ("subscriptions", "[\(subscriptions)]"),
            ("from", self.from.map { Self.quoted($0.value) } ?? "null"),
            ("to", self.to.map { Self.quoted($0.value) } ?? "null"),
            ("cause", Self.quoted(self.cause.rawValue)),
            ("certainty", Self.quoted(self.certainty.rawValue)),
            ("resolution", Self.quoted(self.resolution.rawValue)),
            ("noticedAtMilliseconds", "\(self.noticedAtMilliseconds)"),
        ]
        return "{" + fields.map { "\"\($0.0)\":\($0.1)" }.joined(separator: ",") + "}"
    }

    /// A JSON string (RFC 8259 section 7).
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
