/// Durations as text: a whole number with a unit, `500ms`, `30s`, `5m` or `1h`.
enum DurationText {
    private static let units: [(suffix: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000),
    ]

    /// Reads `text`.
    static func parse(_ text: String) throws(ValueProblem) -> Duration {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let suffix = String(text.dropFirst(digits.count))
        guard !digits.isEmpty else {
            throw ValueProblem(
                problem: "is not a duration",
                remedy: "write a whole number with a unit: 500ms, 30s, 5m or 1h"
            )
        }
        guard !suffix.isEmpty else {
            throw ValueProblem(
                problem: "has no unit",
                remedy: "write \(digits.prefix(12))s for seconds, or use ms, m or h"
            )
        }
        guard let unit = Self.units.first(where: { $0.suffix == suffix }) else {
            throw ValueProblem(
                problem: "is not a duration",
                remedy: "write a whole number with one unit: 500ms, 30s, 5m or 1h"
            )
        }
        guard digits.count <= 12, let number = Int64(digits) else { throw ValueProblem(problem: "is too large") }
        return .milliseconds(number * unit.milliseconds)
    }

    /// `duration` in the largest unit that shows it exactly (whole milliseconds).
    static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        for unit in Self.units.reversed() where milliseconds != 0 && milliseconds % unit.milliseconds == 0 {
            return "\(milliseconds / unit.milliseconds)\(unit.suffix)"
        }
        return milliseconds == 0 ? "0s" : "\(milliseconds)ms"
    }
}
