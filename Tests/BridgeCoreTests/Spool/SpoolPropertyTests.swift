import Testing

@testable import BridgeCore

@Suite("A spool in made-up trouble (no-silent-loss, bounded-bytes, position-monotonic)")
struct SpoolPropertyTests {
    @Test(
        "whatever fails and whenever it is killed, what was confirmed is read in order, and what is missing is accounted for",
        arguments: SpoolPolicy.WhenFull.allCases
    )
    func property(whenFull: SpoolPolicy.WhenFull) {
        let drawn = UInt64.random(in: 1_000...999_999)
        print("spools with the seeds 1 to 40 and \(drawn)")
        var seen = SpoolWorld.Seen()
        for seed in Array(1...40) + [drawn] {
            var world = SpoolWorld(seed: seed, whenFull: whenFull)
            for _ in 0..<400 { world.step() }
            world.crash()
            seen.add(world.seen)
        }
        // What was planned and never happened was not tested.
        #expect(seen.crashes > 40 && seen.tails > 5 && seen.deletions > 20 && seen.failures > 20 && seen.full > 20)
        #expect(seen.losses > 20 && seen.rotations > 100, "\(seen)")
    }
}
