import BridgeCore
import Foundation

/// The right time: what is older than a topic's retention is dropped at once by some brokers.
struct TestClock: BridgeClock {
    private let origin = ContinuousClock.now

    var now: Instant { Instant().advanced(by: self.origin.duration(to: ContinuousClock.now)) }
    var wallMilliseconds: Int64 { Int64(Date.now.timeIntervalSince1970 * 1000) }

    func sleep(until deadline: Instant) async throws {
        try await ContinuousClock().sleep(for: self.now.duration(to: deadline))
    }
}
