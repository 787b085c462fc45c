import BridgeCore
import BridgeRuntime
import Synchronization

/// The machine's clock, which counts how often somebody goes to sleep on it.
final class CountingClock: BridgeClock {
    private let clock = SystemClock()
    private let count = Mutex(0)

    var now: Instant { self.clock.now }
    var wallMilliseconds: Int64 { self.clock.wallMilliseconds }
    var sleeps: Int { self.count.withLock { $0 } }

    func sleep(until deadline: Instant) async throws {
        self.count.withLock { $0 += 1 }
        try await self.clock.sleep(until: deadline)
    }
}
