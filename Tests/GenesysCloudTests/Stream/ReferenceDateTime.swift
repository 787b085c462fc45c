/// RFC 3339's `date-time`, by a regular expression and by counting days one year and month at a time. Clear and slow.
enum ReferenceDateTime {
    static func milliseconds(_ text: String) -> Int64? {
        let grammar =
            #/
            ([0-9]{4}) - ([0-9]{2}) - ([0-9]{2}) [Tt] ([0-9]{2}) : ([0-9]{2}) : ([0-9]{2}) (\.[0-9]+)?
            ([Zz] | ([+\-]) ([0-9]{2}) : ([0-9]{2}))
            /#.matchingSemantics(.unicodeScalar)
        guard let match = text.wholeMatch(of: grammar)?.output else { return nil }
        let (year, month, day) = (Int(match.1)!, Int(match.2)!, Int(match.3)!)
        let (hour, minute, second) = (Int(match.4)!, Int(match.5)!, Int(match.6)!)
        guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        var offsetMinutes = 0
        if let sign = match.9, let hours = match.10.flatMap({ Int($0) }), let minutes = match.11.flatMap({ Int($0) }) {
            guard hours < 24, minutes < 60 else { return nil }
            offsetMinutes = (sign == "-" ? -1 : 1) * (hours * 60 + minutes)
        }
        var days = -Self.daysBefore(1970) + Self.daysBefore(year) + day - 1
        for earlier in 1..<month { days += Self.days(in: earlier, of: year) }
        let seconds = (days * 1440 + hour * 60 + minute - offsetMinutes) * 60 + second
        guard second < 60 || Self.firstSecondsOfMonths.contains(seconds) else { return nil }
        let fraction = Double("0" + (match.7 ?? ".0")) ?? 0
        return Int64(seconds) * 1000 + min(Int64(fraction * 1000 + 1e-7), 999)
    }

    private static let firstSecondsOfMonths: Set<Int> = {
        var days = -Self.daysBefore(1970)
        var seconds: Set<Int> = []
        for year in 0...10_000 {
            for month in 1...12 {
                seconds.insert(days * 86_400)
                days += Self.days(in: month, of: year)
            }
        }
        return seconds
    }()

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        [31, Self.isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    private static func daysBefore(_ year: Int) -> Int {
        Self.daysBeforeYears[year]
    }

    private static let daysBeforeYears: [Int] = {
        var days = [0]
        for year in 0...10_000 { days.append(days[year] + (Self.isLeap(year) ? 366 : 365)) }
        return days
    }()
}
