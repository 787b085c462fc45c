internal import BridgeCore
internal import Locking

/// Whether a stream is asked to end, and what waits for that. Once made it stays.
final class StopRequest: Sendable {
    private let made = Locked(false)
    private let wakeup = Wakeup()

    /// Whether it was made.
    var isMade: Bool { self.made.withLock { $0 } }

    /// Asks.
    func make() {
        self.made.withLock { $0 = true }
        self.wakeup.signal()
    }

    /// Waits until it is made, or the task is cancelled. One task at a time.
    func wait() async {
        while !self.isMade, !Task.isCancelled { await self.wakeup.wait() }
    }

    /// Waits until it is made, or the task is cancelled, or for `deadline`. One task at a time.
    func wait(until deadline: Instant, clock: any BridgeClock) async {
        guard !self.isMade else { return }
        await self.wakeup.wait(until: deadline, clock: clock)
    }
}
