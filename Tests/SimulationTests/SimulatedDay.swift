import BridgeCore

/// One run of a world to its end.
enum SimulatedDay {
    struct Outcome {
        var violations: [String]
        var digest: UInt64
        var counts: Counts
        var fired: [Int]
        var stepCount: Int
        var story: [String]
    }

    static func run(_ plan: WorldPlan, faults: [FaultKind]? = nil, isTracing: Bool = false) -> Outcome {
        let world = World(plan, isTracing: isTracing)
        let planner = FaultPlanner(world)
        if let faults { planner.plan(faults) } else { planner.planDrawn() }
        world.begin()
        world.run(until: plan.length)
        if world.violations.isEmpty {
            for tenant in world.upstream.tenants {
                tenant.truth.checkComplete(tenant.log)
                world.expect(
                    tenant.lostPositionCount == 0 || tenant.truth.positionLostGapCount > 0,
                    "no-silent-loss"
                ) { "the server lost the position, and no gap record says so" }
            }
            let alive = world.processes.filter(\.isAlive)
            world.expect(alive.count <= 1, "one-owner") { "\(alive.count) processes go on" }
            for stream in world.process?.streams ?? [] {
                world.expect(stream.machine.status == .open, "no-dead-wait") {
                    "after the calm the session is \(stream.machine.status)"
                }
                // Whatever was refused meanwhile is valid by now, and was tried again (S5.3, S5.4).
                world.expect(Set(stream.machine.subscribed) == Set(stream.tenant.wantedTopics), "tried-again") {
                    "after the calm \(stream.machine.subscribed.count) of \(stream.tenant.wantedTopics.count) are subscribed"
                }
                // A heartbeat's position waits for its transaction.
                let isFresh = stream.delivery.ledger.oldestReceivedAt.map { world.now - $0.nanoseconds < .minute }
                let isAwaited = plan.isExactlyOnce && isFresh ?? false
                world.expect(stream.delivery.isEmpty || isAwaited, "no-dead-wait") {
                    "after the calm something is in flight"
                }
            }
        }
        world.end()
        return Outcome(
            violations: world.violations,
            digest: world.digest,
            counts: world.counts,
            fired: FaultKind.allCases.map { world.firedCount($0) },
            stepCount: world.stepCount,
            story: world.story
        )
    }
}
