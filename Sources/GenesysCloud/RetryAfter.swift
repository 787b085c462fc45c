/// How long a server asks to be left alone.
enum RetryAfter {
    /// Longer than any server means it: what is above is taken for this, in seconds (a day).
    static let secondsMax = 86_400

    /// The seconds that a `Retry-After` header asks for (RFC 9110 section 10.2.3): a number of seconds, or a date,
    /// which is taken relative to the answer's own `Date` header or, without that, to `nowSeconds` since 1970. Nil
    /// where it is neither.
    static func seconds(header: String, date: String?, nowSeconds: Int64) -> Int? {
        let text = Self.trimmed(header)
        if let seconds = Self.number(text) { return seconds }
        guard let until = HTTPDate.seconds(String(text)) else { return nil }
        let now = date.flatMap(HTTPDate.seconds) ?? nowSeconds
        return Int(min(max(until - now, 0), Int64(Self.secondsMax)))
    }

    /// The seconds behind `retry-after:` in a close reason (S3.4); nil where there is none.
    static func seconds(reason: String) -> Int? {
        let text = reason.lowercased()
        guard let name = text.firstRange(of: "retry-after") else { return nil }
        let rest = text[name.upperBound...].drop { $0 == " " }
        guard let separator = rest.first, separator == ":" || separator == "=" else { return nil }
        return Self.number(rest.dropFirst().drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber })
    }

    /// The number that `digits` are, at most `secondsMax`.
    private static func number(_ digits: Substring) -> Int? {
        guard !digits.isEmpty, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return min(Int(digits) ?? Self.secondsMax, Self.secondsMax)
    }

    private static func trimmed(_ text: String) -> Substring {
        text.drop { $0 == " " || $0 == "\t" }.prefix { $0 != "\t" && $0 != "\r" }.trimmingSuffix { $0 == " " }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, predicate(last) { text.removeLast() }
        return text
    }
}
