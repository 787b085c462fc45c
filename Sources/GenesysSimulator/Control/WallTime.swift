import Foundation
import NIOCore

/// What the clock on the wall shows at a time of the event loop's clock, by how the two stood at the simulator's start.
struct WallTime {
    private let start: NIODeadline
    private let startMilliseconds: Int

    /// Reads the clock on the wall.
    init(start: NIODeadline) {
        self.start = start
        self.startMilliseconds = Int(Date().timeIntervalSince1970 * 1_000)
    }

    /// Since 1970, in UTC.
    func milliseconds(_ time: NIODeadline) -> Int {
        self.startMilliseconds + Int((time - self.start).nanoseconds / 1_000_000)
    }

    /// ISO 8601 with milliseconds.
    func text(_ time: NIODeadline) -> String {
        var logical = LogicalTime(startMilliseconds: 0)
        return logical.text(self.milliseconds(time))
    }
}
