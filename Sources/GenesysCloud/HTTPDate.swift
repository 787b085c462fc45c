/// RFC 9110 section 5.6.7: dates in HTTP headers.
enum HTTPDate {
    /// `text` as seconds since 1970; nil where it is no HTTP date. All three forms are read, as a recipient must:
    /// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and `Sun Nov  6 08:49:37 1994`.
    static func seconds(_ text: String) -> Int64? {
        let words = text.split(separator: " ")
        switch words.count {
        case 6 where words[0].hasSuffix(",") && words[5] == "GMT":
            return Self.seconds(day: words[1], month: words[2], year: words[3], time: words[4])
        case 4 where words[0].hasSuffix(",") && words[3] == "GMT":
            let date = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard date.count == 3, date[2].utf8.count == 2, let year = Int(date[2]) else { return nil }
            // Two digits: 1970 to 2069. The RFC's rule needs today's date, and no server sends this form any more.
            return Self.seconds(
                day: date[0],
                month: date[1],
                year: "\(year < 70 ? 2000 + year : 1900 + year)",
                time: words[2]
            )
        case 5:
            return Self.seconds(day: words[2], month: words[1], year: words[4], time: words[3])
        default:
            return nil
        }
    }

    private static func seconds(
        day: Substring,
        month: Substring,
        year: Substring,
        time: Substring
    ) -> Int64? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let index = months.firstIndex(of: String(month)) else { return nil }
        let twoDigits = { (text: String) in text.utf8.count == 1 ? "0" + text : text }
        let text = "\(year)-\(twoDigits(String(index + 1)))-\(twoDigits(String(day)))T\(time)Z"
        return DateTime.milliseconds(of: Array(text.utf8).span).map { $0 / 1000 }
    }
}
