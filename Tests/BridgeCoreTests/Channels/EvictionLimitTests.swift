import BridgeCore
import Testing

@Suite("Eviction limit")
struct EvictionLimitTests {
    @Test(
        "two bridges that evict each other do so ever more slowly, and never more often than so many times an hour (C6)"
    )
    func limit() {
        var random = SeededGenerator(seed: 4)
        var limit = EvictionLimit(.init(base: .seconds(10), cap: .seconds(30)), perHourMax: 6)
        var now = Instant(nanoseconds: 0)
        var returns: [Instant] = []
        for _ in 0..<60 {
            let at = limit.evicted(now: now, random: &random)
            #expect(at >= now.advanced(by: .seconds(10)))
            returns.append(at)
            // The other one comes back two seconds later.
            now = at.advanced(by: .seconds(2))
        }
        for index in returns.indices.dropFirst(6) {
            #expect(returns[index - 6].duration(to: returns[index]) >= .seconds(3600))
        }
        #expect(limit.count(now: now) == 6)
    }

    @Test("each pause is longer than the one before, and after an hour of peace they start small again (C6)")
    func peace() {
        var random = SeededGenerator(seed: 4)
        var limit = EvictionLimit(.init(base: .seconds(10), cap: .seconds(900)), perHourMax: 60)
        var now = Instant(nanoseconds: 0)
        for doublings in 0..<6 {
            let at = limit.evicted(now: now, random: &random)
            #expect(now.duration(to: at) >= .seconds(10 << doublings))
            now = at
        }
        now = now.advanced(by: .seconds(3601))
        let pause = now.duration(to: limit.evicted(now: now, random: &random))
        #expect(pause >= .seconds(10) && pause < .seconds(20))
    }
}
