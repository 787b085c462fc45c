internal import Foundation

/// The wall clock, read in one place.
enum WallClock {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    static var milliseconds: Int64 {
        Int64((Date().timeIntervalSince1970 * 1000).rounded(.down))
    }

    /// RFC 3339, UTC, with milliseconds.
    static func text(milliseconds: Int64) -> String {
        // Half a millisecond more: what a Double makes of 0.9 would be cut to 0.899.
        Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000)
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
    }

    /// What `text` wrote; nil for anything else.
    static func milliseconds(of text: String) -> Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? Date(text, strategy: style)).map { Int64(($0.timeIntervalSince1970 * 1000).rounded()) }
    }
}
