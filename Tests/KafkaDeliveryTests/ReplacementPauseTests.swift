import BridgeCore
import Testing

@testable import KafkaDelivery

@Suite("The pause before a producer is replaced")
struct ReplacementPauseTests {
    @Test(
        "none after the first failure; growing where each new producer fails, up to 30 s; none again after a good while"
    )
    func pauses() {
        var random = SystemRandomNumberGenerator()
        var now = Instant()
        var pause = ReplacementPause(now: now)
        for round in 0..<2 {
            #expect(pause.next(now: now, random: &random) == .zero, "round \(round)")
            var longest = Duration.zero
            for _ in 0..<100 {
                let next = pause.next(now: now, random: &random)
                #expect(next < .seconds(30))
                longest = max(longest, next)
                now = now.advanced(by: next + .milliseconds(5))
            }
            #expect(longest > .seconds(10), "\(longest)")
            now = now.advanced(by: ReplacementPause.healthyAfter)
        }
    }
}
