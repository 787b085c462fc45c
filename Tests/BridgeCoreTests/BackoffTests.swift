import BridgeCore
import Testing

@Suite("Backoff (S4.1)")
struct BackoffTests {
    @Test("doubles from the base to the cap, and draws from d to 2d (S4.1)")
    func doublesToTheCap() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var backoff = Backoff(.init(base: .seconds(1), cap: .seconds(30)))
            for d in [1, 2, 4, 8, 16, 30, 30, 30] {
                let delay = backoff.nextDelay(random: &random)
                #expect(delay >= .seconds(d) && delay < .seconds(2 * d))
            }
        }
    }

    @Test("full jitter draws from nothing to d (S4.1)")
    func fullJitter() {
        var random = SeededGenerator(seed: 2)
        var shortest = Duration.seconds(99)
        for _ in 0..<500 {
            var backoff = Backoff(.init(base: .seconds(4), cap: .seconds(30), jitter: .full))
            let delay = backoff.nextDelay(random: &random)
            #expect(delay < .seconds(4))
            shortest = min(shortest, delay)
        }
        #expect(shortest < .seconds(1))
    }

    @Test("starts anew after a reset, and survives any number of failures (S4.1)")
    func reset() {
        var random = SeededGenerator(seed: 3)
        var backoff = Backoff(.init(base: .seconds(1), cap: .seconds(30)))
        for _ in 0..<10_000 { _ = backoff.nextDelay(random: &random) }
        same(backoff.nextDelay(random: &random) < .seconds(60), true)
        backoff.reset()
        same(backoff.nextDelay(random: &random) < .seconds(2), true)
    }
}
