import Foundation
import Synchronization
import Testing

@Suite("Simulated days")
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment
    /// `SIMULATION_DAYS=20000` runs so many; `SIMULATION_SEED=7` only that one, with its story.
    private static let dayCount = environment["SIMULATION_DAYS"].flatMap(Int.init) ?? dayCountUnlessSet
    // Not optimised, a day takes its time: `Tests/simulation/run` does the thousand.
    #if DEBUG
    private static let dayCountUnlessSet = 20
    #else
    private static let dayCountUnlessSet = 1_000
    #endif
    private static let firstSeed = environment["SIMULATION_FIRST_SEED"].flatMap(UInt64.init) ?? 1
    /// `SIMULATION_STORY=1`: tests that fail tell what happened.
    static let isTelling = environment["SIMULATION_STORY"] != nil
    /// One seed that failed is enough to look into.
    private static let hasFailed = Atomic(false)
    private static let chunks = Array(0..<4)

    @Test("days that a seed makes up keep every invariant", arguments: chunks)
    func days(chunk: Int) {
        Self.simulate(chunk, days: Self.dayCount, isExactlyOnce: false)
    }

    @Test(
        "days with transactions keep every invariant, and those who read what is committed see each event once (exactly-once)",
        arguments: chunks
    )
    func transactionalDays(chunk: Int) {
        Self.simulate(chunk, days: max(Self.dayCount / 20, 8), isExactlyOnce: true)
    }

    private static func plan(seed: UInt64, isExactlyOnce: Bool) -> WorldPlan {
        isExactlyOnce ? .exactlyOnce(seed: seed) : .drawn(seed: seed)
    }

    private static func simulate(_ chunk: Int, days dayCount: Int, isExactlyOnce: Bool) {
        if let seed = Self.environment["SIMULATION_SEED"].flatMap(UInt64.init) {
            if chunk == 0 { Self.tell(seed, isExactlyOnce: isExactlyOnce) }
            return
        }
        let start = ContinuousClock().now
        var fired = [Int](repeating: 0, count: FaultKind.allCases.count)
        var (days, steps, events, connects, transactions) = (0, 0, 0, 0, 0)
        for day in stride(from: chunk, to: dayCount, by: Self.chunks.count) {
            guard !Self.hasFailed.load(ordering: .relaxed) else { break }
            let seed = Self.firstSeed + UInt64(day)
            let outcome = SimulatedDay.run(Self.plan(seed: seed, isExactlyOnce: isExactlyOnce))
            for index in fired.indices { fired[index] += outcome.fired[index] }
            days += 1
            steps += outcome.stepCount
            events += outcome.counts.events
            connects += outcome.counts.connects
            transactions += outcome.counts.transactions
            guard outcome.violations.isEmpty else {
                Self.hasFailed.store(true, ordering: .relaxed)
                let kind = isExactlyOnce ? ", exactly once" : ""
                Issue.record("SIMULATION_SEED=\(seed) reproduces\(kind): \(outcome.violations.joined(separator: "; "))")
                break
            }
        }
        for kind in FaultKind.all(isExactlyOnce: isExactlyOnce) where days >= (isExactlyOnce ? 12 : 100) {
            #expect(fired[kind.rawValue] > 0, "\(kind) never fired")
        }
        let seconds = max(0.001, (ContinuousClock().now - start) / .seconds(1))
        print(
            "simulated \(days) days, \(events) events, \(connects) connects, "
                + "\(transactions) transactions, \(steps) steps, "
                + "\(Int(Double(days) / seconds)) days a second"
        )
    }

    private static func tell(_ seed: UInt64, isExactlyOnce: Bool) {
        let outcome = SimulatedDay.run(Self.plan(seed: seed, isExactlyOnce: isExactlyOnce), isTracing: true)
        for line in outcome.story.suffix(100_000) { print(line) }
        print("digest \(outcome.digest)")
        #expect(outcome.violations == [])
    }

    @Test("a seed reproduces bit for bit")
    func reproduces() {
        let first = SimulatedDay.run(.drawn(seed: 42))
        let second = SimulatedDay.run(.drawn(seed: 42))
        #expect(first.digest == second.digest && first.stepCount == second.stepCount)
        #expect(SimulatedDay.run(.drawn(seed: 43)).digest != first.digest)
    }
}
