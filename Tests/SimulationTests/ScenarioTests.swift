import BridgeCore
import Testing

@Suite("Simulated scenarios")
struct ScenarioTests {
    private static func plan(seed: UInt64, length: Nanoseconds = .day, _ change: (inout WorldPlan) -> Void = { _ in })
        -> WorldPlan
    {
        var plan = WorldPlan(seed: seed, length: length)
        change(&plan)
        return plan
    }

    private static func expectSound(_ outcome: SimulatedDay.Outcome, _ seed: UInt64) {
        #expect(outcome.violations == [], "seed \(seed)")
        if SimulationTests.isTelling { for line in outcome.story.suffix(200) { print(line) } }
    }

    @Test(
        "a day of 30-minute tokens has not one moment without a live socket, and not one duplicate (S4.8)",
        arguments: UInt64(1)...5
    )
    func rollover(seed: UInt64) {
        let plan = Self.plan(seed: seed) { $0.isResumeInclusive = seed % 2 == 0 }
        let outcome = SimulatedDay.run(plan, faults: [])
        Self.expectSound(outcome, seed)
        #expect(outcome.counts.rollovers >= 40)
        #expect(outcome.counts.withoutSocket == 0)
        #expect(outcome.counts.duplicatesInKafka == 0)
        #expect(outcome.counts.acknowledged == outcome.counts.events)
    }

    @Test("without a rollover each expired token costs a reconnect, and the world sees the moments without a socket")
    func expiry() {
        let plan = Self.plan(seed: 1) { $0.session.rolloverMargin = nil }
        let outcome = SimulatedDay.run(plan, faults: [])
        Self.expectSound(outcome, 1)
        #expect(outcome.counts.withoutSocket > 0)
        #expect(outcome.counts.duplicatesInKafka == 0)
    }

    @Test(
        "a tenant without events is never taken for dead, and a dead socket never for a quiet one (S4.6, S4.7)",
        arguments: UInt64(1)...5
    )
    func quiet(seed: UInt64) {
        let plan = Self.plan(seed: seed) { $0.eventInterval = 3 * .hour }
        let faults = [FaultKind](repeating: .shortSilence, count: 20) + [.halfOpen, .halfOpen, .silence, .silence]
        Self.expectSound(SimulatedDay.run(plan, faults: faults), seed)
    }

    @Test("the host that blocks us sees no attempt before its block ends (S3.4)", arguments: UInt64(1)...5)
    func holdOff(seed: UInt64) {
        let plan = Self.plan(seed: seed) { $0.tenantCount = 4 }
        let faults =
            [FaultKind](repeating: .throttledClose, count: 20) + [.throttledHandshake, .rollingRestart, .reset]
        let outcome = SimulatedDay.run(plan, faults: faults, isTracing: SimulationTests.isTelling)
        Self.expectSound(outcome, seed)
        #expect(outcome.counts.holdOffViolations == 0)
    }

    @Test(
        "when Kafka is away for hours, memory stays bounded, the socket is held back, and nothing is lost (S3.3)",
        arguments: UInt64(1)...5
    )
    func slowKafka(seed: UInt64) {
        let plan = Self.plan(seed: seed) {
            $0.eventInterval = 2 * .second
            $0.queueBytes = 8 * 1024
        }
        let outcome = SimulatedDay.run(plan, faults: [FaultKind](repeating: .kafkaAway, count: 20))
        Self.expectSound(outcome, seed)
        #expect(outcome.counts.heldBack > 0)
    }

    @Test(
        "after a crash at each named point nothing is lost and the position has not moved back (replay-or-acked, position-monotonic)",
        arguments: CrashPoint.allCases
    )
    func crash(point: CrashPoint) {
        let faults = [FaultKind](repeating: point.fault, count: 8)
        Self.expectSound(SimulatedDay.run(Self.plan(seed: 3), faults: faults), 3)
    }

    @Test("a stop in the middle of everything drains and commits within its budget (bounded-stop)")
    func stop() {
        for seed in UInt64(1)...3 {
            let plan = Self.plan(seed: seed) { $0.partitionCount = 1 }
            Self.expectSound(SimulatedDay.run(plan, faults: [FaultKind](repeating: .gracefulStop, count: 60)), seed)
        }
    }

    @Test(
        "whatever happens to a transaction, those who read what is committed see each event once (exactly-once, one-owner)",
        arguments: FaultKind.ofTransactions + [.kafkaAway, .kafkaUnknown, .kafkaFatal, .crash]
    )
    func transactions(kind: FaultKind) {
        let plan = Self.plan(seed: 4, length: 12 * .hour) {
            $0.isExactlyOnce = true
            $0.tenantCount = 2
            $0.sharesTransactions = kind.rawValue % 2 == 0
        }
        let outcome = SimulatedDay.run(plan, faults: [FaultKind](repeating: kind, count: 8))
        Self.expectSound(outcome, 4)
        #expect(outcome.counts.transactions > 500)
        #expect(outcome.counts.takeovers == outcome.fired[FaultKind.takenOver.rawValue])
    }

    @Test(
        "a record that Kafka refuses for good is in the dead letters, once where positions are in its transaction (no-silent-loss)",
        arguments: [true, false]
    )
    func refusedForGood(isExactlyOnce: Bool) {
        let plan = Self.plan(seed: 5, length: 12 * .hour) { $0.isExactlyOnce = isExactlyOnce }
        let outcome = SimulatedDay.run(plan, faults: [FaultKind](repeating: .recordTooLarge, count: 12))
        Self.expectSound(outcome, 5)
        #expect(outcome.counts.deadLetters >= 12)
        let refused = outcome.fired[FaultKind.recordTooLarge.rawValue]
        if isExactlyOnce { #expect(outcome.counts.deadLetters == refused) }
    }
}
