import NIOCore

/// How slowly bytes go one way.
struct SlowPace: Equatable {
    /// Shorter, and an event loop would have no time to look at its sockets.
    private static let intervalMin = TimeAmount.microseconds(50)

    /// So many at once, at least 1.
    let byteCount: Int
    let interval: TimeAmount
    /// Nil: until the connection closes.
    let until: NIODeadline?

    /// - Parameter duration: in milliseconds; nil is for ever.
    init(bytes: Int, milliseconds: Int, duration: Int?, now: NIODeadline) {
        self.byteCount = max(1, bytes)
        self.interval = max(Self.intervalMin, .milliseconds(Int64(milliseconds)))
        self.until = duration.map { now + .milliseconds(Int64($0)) }
    }
}
