/// How long a server asks to be left alone.
enum RetryAfter {
    /// Longer than any server means it: what is above is taken for this, in seconds (a day). Whoever obeys has a lower bound of his own: the
    /// gate of a host an hour, REST and token requests 15 minutes.
    static let secondsMax = 86_400

    /// The seconds that a `Retry-After` header asks for (RFC 9110 section 10.2.3): a number of seconds, or a date,
    /// which is taken relative to the answer's own `Date` header or, without that, to `nowSeconds` since 1970. Nil
    /// where it is neither. A fraction, which the RFC does not know, is rounded up; a date that has passed is 0.
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
        // A sentence may end behind it.
        let number = rest.dropFirst().drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber || $0 == "." }
        return Self.number(number.last == "." ? number.dropLast() : number)
    }

    /// The number that `text` is, a fraction rounded up, at most `secondsMax`.
    private static func number(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }) else { return nil }
        let whole = Int(parts[0]) ?? Self.secondsMax
        let hasMore = parts.count > 1 && parts[1].contains { $0 != "0" }
        return min(whole < Self.secondsMax && hasMore ? whole + 1 : whole, Self.secondsMax)
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
