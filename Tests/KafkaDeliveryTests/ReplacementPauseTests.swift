import BridgeCore
import Testing

@testable import KafkaDelivery

@Suite("The pause before a producer is replaced")
struct ReplacementPauseTests {
    @Test("none after the first failure; growing up to 30 s while no producer writes anything; none again once one has")
    func pauses() {
        var random = SystemRandomNumberGenerator()
        var pause = ReplacementPause()
        for round in 0..<2 {
            #expect(pause.next(hadWorked: round > 0, random: &random) == .zero)
            #expect(pause.next(hadWorked: true, random: &random) == .zero)
            let pauses = (0..<100).map { _ in pause.next(hadWorked: false, random: &random) }
            #expect(pauses[0] < .milliseconds(200) && pauses.allSatisfy { $0 < .seconds(30) })
            #expect(pauses.contains { $0 > .seconds(10) }, "\(pauses)")
        }
    }
}
