/// Times as RFC 3339 in UTC with milliseconds, without a formatter's allocations.
enum LogTimestamp {
    /// Appends the time `milliseconds` after 1970-01-01T00:00:00Z, for example `2026-11-24T03:28:52.007Z`.
    static func append(_ milliseconds: Int64, to line: inout [UInt8]) {
        let (day, millisecond) = milliseconds.quotientAndRemainderFlooring(dividingBy: 86_400_000)
        // Days to a date of the Gregorian calendar, with years that begin in March, in cycles of 400 years.
        let (cycle, dayOfCycle) = (day + 719_468).quotientAndRemainderFlooring(dividingBy: 146_097)
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
        self.append(year, digits: 4, to: &line)
        line.append(UInt8(ascii: "-"))
        self.append(month, digits: 2, to: &line)
        line.append(UInt8(ascii: "-"))
        self.append(dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, digits: 2, to: &line)
        line.append(UInt8(ascii: "T"))
        self.append(millisecond / 3_600_000, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        self.append(millisecond / 60_000 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: ":"))
        self.append(millisecond / 1000 % 60, digits: 2, to: &line)
        line.append(UInt8(ascii: "."))
        self.append(millisecond % 1000, digits: 3, to: &line)
        line.append(UInt8(ascii: "Z"))
    }

    private static func append(_ number: Int64, digits: Int, to line: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            line.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }
}

extension Int64 {
    fileprivate func quotientAndRemainderFlooring(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = self.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
