import NIOCore

/// The log's own time: event `n` happened `n` milliseconds after the log began, whatever the rate it is sent at.
///
/// So a timestamp is a function of the sequence number: the bytes of an event never change, and a timestamp can serve as
/// a resume position (S2.2) without being stored.
struct LogicalTime {
    private static let minuteByteCount = "2026-11-23T10:00:".utf8.count

    let startMilliseconds: Int
    private var cachedMinute = Int.min
    private var minuteBytes: [UInt8] = []

    /// - Parameter startMilliseconds: when the log began, in milliseconds since 1970 (UTC).
    init(startMilliseconds: Int) {
        self.startMilliseconds = startMilliseconds
    }

    /// Writes `2026-11-23T10:00:00.000Z` for event `sequence`.
    mutating func write(_ sequence: Int, into buffer: inout ByteBuffer) {
        let milliseconds = self.startMilliseconds &+ sequence
        let minute = milliseconds / 60_000
        if minute != self.cachedMinute {
            self.cachedMinute = minute
            self.minuteBytes = Self.minuteText(minute)
        }
        let rest = milliseconds - minute * 60_000
        buffer.writeBytes(self.minuteBytes)
        buffer.writeMultipleIntegers(
            UInt8(48 + rest / 10_000),
            UInt8(48 + rest / 1_000 % 10),
            UInt8(ascii: "."),
            UInt8(48 + rest / 100 % 10),
            UInt8(48 + rest / 10 % 10),
            UInt8(48 + rest % 10),
            UInt8(ascii: "Z")
        )
    }

    mutating func text(_ sequence: Int) -> String {
        var buffer = ByteBuffer()
        self.write(sequence, into: &buffer)
        return String(buffer: buffer)
    }

    /// The sequence whose timestamp is exactly `text`, or nil.
    func sequence(from text: String) -> Int? {
        let fields = text.split { !("0"..."9").contains($0) }.map { Int($0) ?? -1 }
        guard fields.count == 7, fields.allSatisfy({ $0 >= 0 && $0 < 10_000 }) else { return nil }
        let days = Self.days(year: fields[0], month: fields[1], day: fields[2])
        let seconds = ((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5]
        let sequence = seconds * 1_000 + fields[6] - self.startMilliseconds
        var copy = self
        return sequence >= 0 && copy.text(sequence) == text ? sequence : nil
    }

    private static func minuteText(_ minute: Int) -> [UInt8] {
        let (days, minuteOfDay) = minute.quotientAndRemainder(dividingBy: 1_440)
        let date = Self.date(days: days)
        func digits(_ value: Int, _ width: Int) -> [UInt8] {
            let text = Array(String(value).utf8)
            return Array(repeating: 48, count: max(0, width - text.count)) + text
        }
        return digits(date.year, 4) + [45] + digits(date.month, 2) + [45] + digits(date.day, 2) + [84]
            + digits(minuteOfDay / 60, 2) + [58] + digits(minuteOfDay % 60, 2) + [58]
    }

    // The two conversions below count from 1 March of year 0, so that the leap day is the last day of its year.

    private static func days(year: Int, month: Int, day: Int) -> Int {
        let marchYear = month > 2 ? year : year - 1
        let marchMonth = (month + 9) % 12
        let leaps = marchYear / 4 - marchYear / 100 + marchYear / 400
        return 365 * marchYear + leaps + (153 * marchMonth + 2) / 5 + day - 1 - 719_468
    }

    private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}
