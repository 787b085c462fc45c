/// RFC 3339's `date-time`, read strictly and without allocation.
enum DateTime {
    /// `text` as milliseconds since 1970-01-01T00:00:00Z, digits below a millisecond cut off; nil where it is no
    /// `date-time` of RFC 3339 section 5.6 within the limits of section 5.7.
    ///
    /// `T` and `Z` may be lower case (5.6), a space instead of the `T` may not. Hour 24 is not allowed (5.7). Second 60
    /// is where a leap second can be, at 23:59:60 UTC on the last day of a month; it counts as the second after it, as
    /// in POSIX time.
    static func milliseconds(of text: Span<UInt8>) -> Int64? {
        guard text.count >= 20,
            let year = Self.number(text, 0, digits: 4), text[4] == UInt8(ascii: "-"),
            let month = Self.number(text, 5, digits: 2), text[7] == UInt8(ascii: "-"),
            let day = Self.number(text, 8, digits: 2), text[10] | 0x20 == UInt8(ascii: "t"),
            let hour = Self.number(text, 11, digits: 2), text[13] == UInt8(ascii: ":"),
            let minute = Self.number(text, 14, digits: 2), text[16] == UInt8(ascii: ":"),
            let second = Self.number(text, 17, digits: 2),
            1...12 ~= month, 1...Self.dayCount(month: month, year: year) ~= day,
            hour <= 23, minute <= 59, second <= 60
        else { return nil }
        var index = 19
        guard let fraction = Self.fraction(text, &index), let offset = Self.offset(text, index) else { return nil }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        guard second < 60 || Self.canFollowLeapSecond(seconds) else { return nil }
        return Int64(seconds) * 1000 + Int64(fraction)
    }

    /// The number in exactly `digits` digits.
    @inline(__always)
    private static func number(_ text: Span<UInt8>, _ start: Int, digits: Int) -> Int? {
        var number = 0
        for index in start..<start + digits {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// The milliseconds of an optional `time-secfrac`; nil where the dot has no digit behind it.
    private static func fraction(_ text: Span<UInt8>, _ index: inout Int) -> Int? {
        guard text[index] == UInt8(ascii: ".") else { return 0 }
        let start = index + 1
        index = start
        var milliseconds = 0
        var weight = 100
        while index < text.count, 0...9 ~= text[index] &- UInt8(ascii: "0") {
            milliseconds += Int(text[index] - UInt8(ascii: "0")) * weight
            weight /= 10
            index += 1
        }
        return index > start ? milliseconds : nil
    }

    /// The minutes of a `time-offset` that takes up the rest of the text.
    private static func offset(_ text: Span<UInt8>, _ index: Int) -> Int? {
        if text.count == index + 1 { return text[index] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard text.count == index + 6, text[index + 3] == UInt8(ascii: ":"),
            let hours = Self.number(text, index + 1, digits: 2), hours <= 23,
            let minutes = Self.number(text, index + 4, digits: 2), minutes <= 59
        else { return nil }
        switch text[index] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }

    private static func dayCount(month: Int, year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day is a year's last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year + 399 : year + 400  // 400 years later, so that nothing is negative
        let era = shifted / 400
        let yearOfEra = shifted % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era - 1) * 146_097 + dayOfEra - 719_468
    }

    /// Whether `seconds` since 1970 is the first second of a month.
    private static func canFollowLeapSecond(_ seconds: Int) -> Bool {
        guard seconds.isMultiple(of: 86_400) else { return false }
        let shifted = seconds / 86_400 + 719_468 + 146_097  // days since 0000-03-01 minus 400 years
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        return dayOfYear == (153 * month + 2) / 5
    }
}
