import BridgeCore
import Synchronization

/// A clock that is asked to sleep, remembers for how long, and does not.
final class PausesClock: BridgeClock {
    private let state = Mutex<(now: Instant, pauses: [Duration])>((Instant(), []))

    var now: Instant { self.state.withLock(\.now) }
    var wallMilliseconds: Int64 { 1_700_000_000_000 }
    var pauses: [Duration] { self.state.withLock(\.pauses) }

    func sleep(until deadline: Instant) async throws {
        self.state.withLock { state in
            state.pauses.append(state.now.duration(to: deadline))
            state.now = deadline
        }
    }
}
